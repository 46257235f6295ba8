from pathlib import Path

from tests.firm import SAMPLE, Firm, told


def test_what_a_client_does_with_success_is_seen(tmp_path: Path) -> None:
    async def story(firm: Firm) -> tuple[set[str], set[str]]:
        client_id = firm.client.client_id
        token = await firm.granted()
        fields: dict[str, object] = {"credential": SAMPLE.user_name, "ip": "127.0.0.1"}
        assert (await firm.call("/echo/https", token)).status == 200
        assert (await firm.call("/echo/signed-jwt", token, {})).status == 200
        bearer = (await firm.call("/sso-sessions", token, fields)).json["access_token"]
        for path in ("tickle", "logout"):
            reply = await firm.ask("POST", f"/v1/api/{path}", authorization=f"Bearer {bearer}")
            assert reply.status == 200
        exercises = firm.rig.premises.exercises
        return set(exercises.of(client_id)), set(exercises.of(""))

    seen, nobodys = told(tmp_path, story)

    assert seen == {"echo-https", "echo-signed-jwt", "sso-session", "tickle", "logout"}
    assert nobodys == set()
