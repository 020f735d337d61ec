"""Says of every recorded request, by oauthlib's own verification, whether its signature is right."""

import pathlib
from types import SimpleNamespace

from oauthlib.oauth1.rfc5849 import signature as s

HERE = pathlib.Path(__file__).parent.parent
PUBLIC = (HERE / "keys/public.pem").read_text()
SECRET, TOKEN_SECRET = "consumer secret &1", "token secret +2"


def is_right(case, method, target, query, authorization, form):
    headers = {"Authorization": authorization} if authorization else {}
    everything = s.collect_parameters(query, form, headers, exclude_oauth_signature=False)
    sent = dict(everything)
    request = SimpleNamespace(
        uri=target,
        http_method=method,
        params=[pair for pair in everything if pair[0] != "oauth_signature"],
        signature=sent["oauth_signature"],
    )
    name = sent["oauth_signature_method"]
    if name.startswith("RSA"):
        verify = s.verify_rsa_sha1 if name == "RSA-SHA1" else s.verify_rsa_sha256
        return verify(request, PUBLIC)
    verify = s.verify_hmac_sha1 if name == "HMAC-SHA1" else s.verify_hmac_sha256
    secret = TOKEN_SECRET if sent.get("oauth_token") else ""
    return verify(request, SECRET, secret)


for raw in sorted((HERE / "recorded").glob("*.raw")):
    lines = []
    for line in raw.read_text().splitlines():
        verdict = "right" if is_right(*line.split("\t")) else "wrong"
        lines.append(f"{verdict}\t{line}\n")
    raw.with_suffix(".tsv").write_text("".join(lines))
    raw.unlink()
    wrong = [line.split("\t")[1] for line in lines if line.startswith("wrong")]
    print(f"{raw.stem}: {len(lines)} requests, {len(wrong)} signed wrongly: {', '.join(wrong)}")
