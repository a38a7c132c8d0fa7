from typing import Any

from django.db import migrations


def move(apps: Any, editor: Any) -> None:
    """The one webhook of a property's alerts becomes its first endpoint, by the same secret."""

    def rows(model: str) -> Any:
        return apps.get_model("security", model).objects.using(editor.connection.alias)

    for row in rows("AlertSettings").exclude(webhook_url=""):
        endpoint = rows("WebhookEndpoint").create(
            tenant_id=row.tenant_id, url=row.webhook_url, events=["alert.rang"], secret_salt=row.secret_salt
        )
        for delivery in rows("AlertDelivery").filter(tenant=row.tenant_id, channel="webhook"):
            delivery.endpoint = endpoint
            delivery.event = "alert.rang" if delivery.alert_id else "webhook.test"
            if delivery.alert_id:
                delivery.payload = said(rows("Alert").get(pk=delivery.alert_id))
            delivery.save()


def said(alert: Any) -> dict[str, Any]:
    return {
        "alert": str(alert.pk),
        "rule": alert.rule,
        "severity": alert.severity,
        "subject": alert.subject,
        "state": alert.state,
        "count": alert.count,
        "first_at": alert.first_at.isoformat(),
        "last_at": alert.last_at.isoformat(),
        "facts": alert.facts,
    }


class Migration(migrations.Migration):
    dependencies = [("security", "0010_webhooks")]

    operations = [
        migrations.RunPython(move, migrations.RunPython.noop),
        *[
            migrations.RemoveField(model_name="alertsettings", name=name)
            for name in ("webhook_url", "webhook_changed_at", "secret_salt")
        ],
    ]
