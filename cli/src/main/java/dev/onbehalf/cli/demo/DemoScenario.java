package dev.onbehalf.cli.demo;

import dev.onbehalf.oauth1.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The main job, step by step: each step claims what must have happened and checks it. */
final class DemoScenario {
  static final String CALLBACK = "http://127.0.0.1:9/callback";
  static final String READER = "ci-reader";
  private static final String ME = "/me/api/json";
  private static final String BUILD = "/job/demo/build";

  private final DemoReport report;
  private final SampleCi ci;
  private final DemoClient client;
  private final DemoBrowser browser = new DemoBrowser();

  DemoScenario(DemoReport report, SampleCi ci, DemoClient client) {
    this.report = report;
    this.ci = ci;
    this.client = client;
  }

  void run(Secret passwordOfAlice) throws IOException, InterruptedException {
    DemoClient.Token token = authorise(passwordOfAlice);
    build(token);
    twoLegged();
    impersonated();
    tampered();
    forged();
  }

  private DemoClient.Token authorise(Secret passwordOfAlice)
      throws IOException, InterruptedException {
    report.heading("1. Alice authorises the peer, once (3-legged)");
    DemoClient.Token requestToken = client.requestToken(CALLBACK);
    report.line("The peer fetched a request token and sends her browser to the consent page.");
    DemoBrowser.Page signIn = browser.open(client.authorizeUrl(requestToken));
    DemoBrowser.Page consent =
        browser.submit(signIn, Map.of("name", "alice", "password", passwordOfAlice.reveal()));
    report.claim(
        "Signed in, she reads who asks, as whom, and what it will be able to do.",
        consent.status() == 200 && consent.body().contains("Demo peer"),
        "status " + consent.status());
    DemoBrowser.Page allowed = browser.submit(consent, Map.of("decision", "allow"));
    String query = Objects.requireNonNullElse(URI.create(allowed.location()).getRawQuery(), "");
    String verifier = DemoClient.parseForm(query).getOrDefault("oauth_verifier", "");
    report.claim(
        "Her Allow leads back to the peer with a verifier.",
        allowed.location().startsWith(CALLBACK) && !verifier.isEmpty(),
        "status " + allowed.status() + " to '" + allowed.location() + "'");
    DemoClient.Token token = client.accessToken(requestToken, verifier);
    report.line("The peer exchanged it for an access token.");
    return token;
  }

  private void build(DemoClient.Token token) throws IOException, InterruptedException {
    report.heading("2. The peer starts a build with Alice's token");
    HttpResponse<String> response = client.call("POST", BUILD, token);
    report.claim(
        "The CI server started it as alice, and says so in the build's cause.",
        response.statusCode() == 201 && response.body().contains("Started by user alice"),
        response.statusCode() + " " + response.body().strip());
    SampleCi.Seen seen = last();
    report.claim(
        "CSRF protection stayed on: the gateway brought alice's own crumb.",
        "alice".equals(seen.user()) && seen.crumb(),
        "it saw " + seen);
  }

  private void twoLegged() throws IOException, InterruptedException {
    report.heading("3. The peer asks on its own account (2-legged)");
    HttpResponse<String> response = client.callTwoLegged("GET", ME);
    report.claim(
        "It ran as " + READER + ", the user the administrator chose for it.",
        response.body().contains(READER),
        response.statusCode() + " " + response.body().strip());
  }

  private void impersonated() throws IOException, InterruptedException {
    report.heading("4. The peer asks on behalf of Bob (2-legged with impersonation)");
    HttpResponse<String> response = client.callTwoLegged("GET", ME + "?xoauth_requestor_id=bob");
    report.claim(
        "It ran as bob, who never typed a password anywhere.",
        response.body().contains("bob"),
        response.statusCode() + " " + response.body().strip());
    response = client.callTwoLegged("GET", ME + "?xoauth_requestor_id=mallory");
    report.claim(
        "A name nobody has is refused, not served as anonymous.",
        response.statusCode() == 401,
        response.statusCode() + " " + response.body().strip());
  }

  private void tampered() throws IOException, InterruptedException {
    report.heading("5. Somebody changes a signed request on its way");
    int before = ci.seen().size();
    HttpResponse<String> response =
        client.callTampered(
            "GET", ME + "?xoauth_requestor_id=alice", ME + "?xoauth_requestor_id=bob");
    report.claim(
        "Refused with signature_invalid, and the CI server never saw it.",
        response.statusCode() == 401
            && response
                .headers()
                .firstValue("WWW-Authenticate")
                .orElse("")
                .contains("signature_invalid")
            && ci.seen().size() == before,
        response.statusCode() + " " + response.body().strip());
  }

  private void forged() throws IOException, InterruptedException {
    report.heading("6. Somebody sends an identity header of their own");
    HttpResponse<String> response = client.callForged(ME, "alice");
    report.claim(
        "It arrived without: to the CI server they are nobody.",
        response.statusCode() == 403 && last().user() == null,
        response.statusCode() + " " + response.body().strip());
  }

  private SampleCi.Seen last() {
    List<SampleCi.Seen> all = ci.seen();
    if (all.isEmpty()) {
      throw new IllegalStateException("Nothing has reached the sample CI application.");
    }
    return all.get(all.size() - 1);
  }
}
