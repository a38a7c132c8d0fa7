from recognition.edge.models.alarms import DeviceAlarm
from recognition.edge.models.keys import DeviceBoot, DeviceKey, DeviceNonce
from recognition.edge.models.losses import DeviceLoss
from recognition.edge.models.orders import DeviceCopy, DeviceOrder
from recognition.edge.models.reports import DeviceReport

__all__ = [
    "DeviceAlarm",
    "DeviceBoot",
    "DeviceCopy",
    "DeviceKey",
    "DeviceLoss",
    "DeviceNonce",
    "DeviceOrder",
    "DeviceReport",
]
