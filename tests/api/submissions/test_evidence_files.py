"""Files of evidence: kept twice, and whoever changes one is found."""

from __future__ import annotations

import io

from PIL import Image

from tests.api.submissions.world import LETTER, World, report_of


def test_a_file_is_kept_twice_and_whoever_changes_it_is_found(world: World) -> None:
    exif = Image.Exif()
    exif[0x013B] = "Maria Lopez"
    out = io.BytesIO()
    Image.new("RGB", (16, 16), (90, 20, 20)).save(out, "JPEG", exif=exif)
    photo = out.getvalue()
    files = {
        "data": ("x.ttl", report_of("photo").encode(), "text/turtle"),
        "evidence": ("Maria Lopez at the gate.pdf", photo, "application/pdf"),
    }
    more = {"evidence_node": "source/photo", "archived": "https://web.archive.org/web/2020/https://example.org/photo"}
    answer = world.ask("ngo", "POST", "/submissions", data=LETTER | more, files=files)
    assert answer.status_code == 202, answer.text
    (file,) = answer.json()["files"]
    assert file["mediaType"] == "image/jpeg", "told by its content"
    name = answer.json()["id"]
    sent, published = file["sha256"], file["published"]
    assert world.ask("ngo", "GET", f"/submissions/{name}/files/{sent}").status_code == 403
    assert world.ask("curator", "GET", f"/submissions/{name}/files/{sent}").content == photo
    assert world.client.get(f"/evidence/{published}").status_code == 404, "not before it is accepted"
    assert world.decide(name).status_code == 200

    place = world.desk.blobs.place(sent)
    place.write_bytes(photo + b"!")
    broken = world.ask("curator", "GET", f"/submissions/{name}/files/{sent}")
    assert broken.status_code == 409
    assert [p.where for p in world.desk.verify()] == [str(place)]
    world.wait(lambda: world.ask("curator", "GET", f"/submissions/{name}").json()["inGraph"])
    found = world.client.get("/gaps", params={"rule": "evidence-changed"}).json()["findings"]
    assert "source/photo" in str(found)
    shown = world.client.get(f"/evidence/{published}")
    assert shown.status_code == 200
    assert b"Lopez" not in shown.content
    assert shown.headers["content-disposition"].startswith("attachment")
    assert "web.archive.org" in world.client.get("/id/source/photo.ttl").text
    assert sent not in world.client.get("/id/source/photo.ttl").text, "the hash of the original could tell who has it"
    place.write_bytes(photo)


def test_a_file_of_no_known_kind_is_refused(world: World) -> None:
    files = {
        "data": ("x.ttl", report_of("program").encode(), "text/turtle"),
        "evidence": ("photo.jpg", b"MZ\x90\x00 this program is no photo", "image/jpeg"),
    }
    answer = world.ask("ngo", "POST", "/submissions", data=LETTER, files=files)
    assert answer.status_code == 422
    assert "its content tells" in answer.text
