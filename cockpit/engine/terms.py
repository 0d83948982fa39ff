"""What somebody wants to rest, before anybody has allowed it."""

import msgspec


class Terms(msgspec.Struct, frozen=True):
    """Domain units; ``ttl_ns`` counts from sending, 0 is until cancelled."""

    lane: str
    market: str
    side: int
    price: int
    qty: int
    ttl_ns: int
    ref: str = ""
    ticket: str = ""
    """The proposal it carries out."""
    strategy: str = ""
    """The version that wanted it; it alone may take it back by itself."""
    claim: float = 0.0
    """Edge claimed for it, dollars a contract, net of the maker fee."""
    anchor: int = 0
    """The price a person approved, where one did."""
    fixed: bool = False
    """A person set these terms: no strategy moves them."""
    hedge: bool = False
    """It closes what the other leg of its trade left naked: caps and halts do not stop it."""
    leased: int = 0
    """What a lease spends on it, money units."""
