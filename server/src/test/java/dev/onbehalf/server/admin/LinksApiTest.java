package dev.onbehalf.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.audit.AuditEvent;
import dev.onbehalf.server.link.TestLinks;
import dev.onbehalf.server.provider.Provider;
import dev.onbehalf.server.store.Database.Dialect;
import dev.onbehalf.server.store.NonceStore;
import dev.onbehalf.server.store.TestDatabase;
import dev.onbehalf.server.web.WebResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

final class LinksApiTest {
  private static final String SECRET = "a-secret-shared-with-the-peer";

  private final AdminRequests requests = new AdminRequests();
  private final TestDatabase database = TestDatabase.create(Dialect.H2);
  private final TestLinks links = new TestLinks(database);

  private NonceStore nonces;
  private Provider provider;

  @BeforeEach
  void serve() {
    InstantSource clock = InstantSource.system();
    nonces =
        NonceStore.open(
            database.database(), database.dataDirectory(), Duration.ofMinutes(5), clock);
    provider =
        Provider.open(
            new Provider.Parts(
                links.configuration(),
                database.database(),
                links.sealer(),
                nonces,
                links.audited()::add,
                links.people(),
                clock));
    new LinksApi(links.links(), provider.administration()).addTo(requests.router());
  }

  @AfterEach
  void close() {
    provider.close();
    nonces.close();
    database.close();
  }

  @Test
  void addWhenOnlyTheUrlIsGivenThenTheRestHasDefaults() {
    JsonNode added = requests.post("/api/links", "{\"url\": \"https://jira.example.com\"}");

    assertThat(added.path("name").asString()).isEqualTo("jira.example.com");
    assertThat(added.path("consumerKey").asString()).isEqualTo("onbehalf:test");
    assertThat(added.path("signatureMethod").asString()).isEqualTo("RSA-SHA1");
    assertThat(added.path("authorised").asInt()).isZero();
    assertThat(added.path("fields").toString()).contains("Public Key", "onbehalf:test");
    JsonNode stored = ((ObjectNode) added.deepCopy()).without("fields");
    assertThat(requests.get("/api/links/JIRA.example.com")).isEqualTo(stored);
    assertThat(requests.get("/api/links")).containsExactly(stored);
    assertThat(links.audited()).extracting(AuditEvent::action).containsExactly("link-add");
  }

  @Test
  void addWhenASecretIsGivenThenItIsNeverAnsweredNorAudited() {
    requests.post(
        "/api/links",
        "{\"url\": \"https://jira.example.com\", \"signatureMethod\": \"HMAC-SHA1\","
            + " \"sharedSecret\": \""
            + SECRET
            + "\"}");
    requests.send(
        "PATCH", "/api/links/jira.example.com", "{\"sharedSecret\": \"" + SECRET + "-2\"}");

    assertThat(requests.get("/api/links").toString()).contains("HMAC-SHA1").doesNotContain(SECRET);
    assertThat(links.audited()).hasSize(2);
    assertThat(links.audited().toString()).contains("another one").doesNotContain(SECRET);
  }

  @Test
  void editWhenSomeFieldsAreGivenThenTheOthersStay() {
    requests.post("/api/links", "{\"url\": \"https://jira.example.com\", \"name\": \"jira\"}");

    WebResponse edited =
        requests.send(
            "PATCH", "/api/links/jira", "{\"name\": \"tracker\", \"impersonation\": true}");

    assertThat(edited.status()).isEqualTo(200);
    JsonNode tracker = requests.get("/api/links/tracker");
    assertThat(tracker.path("threeLegged").asBoolean()).isTrue();
    assertThat(tracker.path("impersonation").asBoolean()).isTrue();
    assertThat(links.audited().get(1).detail())
        .contains("name: jira -> tracker", "impersonation: off -> on")
        .doesNotContain("url:");
  }

  @Test
  void removeWhenKnownThenGone() {
    requests.post("/api/links", "{\"url\": \"https://jira.example.com\", \"name\": \"jira\"}");

    assertThat(requests.post("/api/links/jira/reset", "").path("forgotten").asInt(-1)).isZero();
    assertThat(requests.send("DELETE", "/api/links/jira", "").status()).isEqualTo(204);
    assertThat(requests.send("DELETE", "/api/links/jira", "").status()).isEqualTo(404);
    assertThat(links.audited())
        .extracting(AuditEvent::action)
        .containsExactly("link-add", "link-reset", "link-remove");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                                          | is missing
          {"url": "not a url"}                                        | is not a URL
          {"url": "https://a.example.com", "typ": "jira"}             | is not known
          {"url": "https://a.example.com", "type": "trac"}            | no application type
          {"url": "https://a.example.com", "signatureMethod": "MD5"}  | no signature method
          {"url": "https://a.example.com", "authorizeUrl": "/a"}      | belong together
          {"url": "https://a.example.com", "threeLegged": false}      | one way
          """)
  void addWhenTheBodyIsWrongThen400(String body, String sentence) {
    WebResponse refused = requests.send("POST", "/api/links", body);

    assertThat(refused.status()).isEqualTo(400);
    assertThat(new String(refused.body(), StandardCharsets.UTF_8)).contains(sentence);
    assertThat(links.audited()).isEmpty();
  }
}
