"""Which kind of browser asks: its family and its system, as its User-Agent says. No version: that changes by itself.

A cookie that was copied to another kind of machine is noticed by it. It is no proof: who copies a cookie can copy
the User-Agent as well.
"""

# In the order in which they are looked for: almost all browsers also call themselves Chrome or Safari.
_FAMILIES = {
    "MicroMessenger": "WeChat",
    "QQBrowser": "QQ",
    "HuaweiBrowser": "Huawei",
    "MiuiBrowser": "Xiaomi",
    "UCBrowser": "UC",
    "SamsungBrowser": "Samsung",
    "Edg": "Edge",
    "OPR/": "Opera",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "Chrom": "Chrome",
    "CriOS": "Chrome",
    "Safari": "Safari",
}
_SYSTEMS = {
    "HarmonyOS": "HarmonyOS",
    "OpenHarmony": "HarmonyOS",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


UNKNOWN = "? · ?"


def kind_of(user_agent: str) -> str:
    """Return the family and the system, as in “Firefox · Windows”; “?” for one that is not known."""
    return f"{_first(_FAMILIES, user_agent)} · {_first(_SYSTEMS, user_agent)}"


def _first(names: dict[str, str], user_agent: str) -> str:
    return next((name for mark, name in names.items() if mark in user_agent), "?")
