package dev.onbehalf.server.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.config.PublicUrl;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@DisplayName("What two whole servers tell each other, and links both ways")
final class BothWaysTest {
  private static final String MANIFEST = "/rest/applinks/1.0/manifest";

  @TempDir Path directory;

  private TestInstance here;
  private TestInstance peer;

  @BeforeEach
  void start() throws IOException {
    here = new TestInstance(directory.resolve("here"), new TestClock());
    peer = new TestInstance(directory.resolve("peer"), new TestClock());
  }

  @AfterEach
  void stop() {
    peer.close();
    here.close();
  }

  @Test
  void addWhenBothSidesSayBothWaysThenAliceActsThereAndBack() {
    JsonNode added = here.post("/api/links", bothWays(peer));
    String id = ManifestEndpoint.idOf(PublicUrl.parse(peer.url())).toString();
    assertThat(added.path("id").asString()).isEqualTo(id);
    assertThat(added.path("name").asString()).isEqualTo("peer");
    assertThat(added.path("consumer").asString()).startsWith("onbehalf:");
    assertThat(test(here).path("working").asBoolean()).isFalse();

    assertThat(peer.post("/api/links", bothWays(here)).path("consumer").isString()).isTrue();

    assertThat(test(here).toString())
        .contains("\"working\":true", "It runs as alice.", "What is on here is on there too.");
    assertThat(test(peer).toString()).contains("\"working\":true", "It runs as alice.");
    assertThat(peer.admin("POST", "/api/links", bothWays(here)).statusCode()).isEqualTo(409);
    assertThat(here.admin("POST", "/api/links", bothWays(here)).body())
        .contains("That is this server itself");
  }

  @Test
  void resetWhenThePeerHasAnotherKeyThenTheNewOneCounts() {
    here.post("/api/links", bothWays(peer));
    peer.post("/api/links", bothWays(here));
    assertThat(reset()).contains("Its own key is the one known here.");
    peer.post("/api/keys/prepare", Map.of());
    peer.post("/api/keys/activate", Map.of());
    assertThat(test(peer).toString()).contains("OAUTH_SIGNATURE_INVALID");

    assertThat(reset()).contains("It has another key now");

    assertThat(test(peer).toString()).contains("\"working\":true", "It runs as alice.");
    here.admin("DELETE", "/api/consumers/" + consumerOf(here).replace(":", "%3A"), Map.of());
    assertThat(reset()).contains("there is no such consumer here");
  }

  private String reset() {
    return here.post("/api/links/peer/reset", Map.of()).path("peer").asString();
  }

  private static String consumerOf(TestInstance at) {
    JsonNode link =
        JsonMapper.shared().readTree(at.admin("GET", "/api/links/peer", Map.of()).body());
    return link.path("peerConsumerKey").asString();
  }

  @Test
  void addWhenThePeerIsLinkedAlreadyThenSaysUnderWhichName() {
    here.post("/api/links", bothWays(peer));

    HttpResponse<String> again =
        here.admin(
            "POST",
            "/api/links",
            Map.of("url", peer.url(), "name", "other", "discover", true, "privateAddresses", true));

    assertThat(again.body()).contains("linked already, as 'peer' at " + peer.url());
  }

  @Test
  void manifestWhenAskedInEveryFormThenTheSameServer() {
    String xml = here.get(MANIFEST).body();
    assertThat(xml)
        .startsWith("<?xml version=\"1.0\"")
        .contains("<typeId>generic</typeId>", "<url>" + here.url() + "</url>")
        .contains("placeholder.to.ensure.backwards.compatibility");
    for (String version : new String[] {"1.0", "2.0", "3.0", "latest"}) {
      HttpResponse<String> json = here.get("/rest/applinks/" + version + "/manifest.json");
      assertThat(json.headers().firstValue("Content-Type").orElse(""))
          .startsWith("application/json");
      assertThat(json.headers().firstValue("Access-Control-Allow-Origin")).contains("*");
      JsonNode manifest = JsonMapper.shared().readTree(json.body());
      assertThat(xml).contains("<id>" + manifest.path("id").asString() + "</id>");
      assertThat(manifest.path("inboundAuthenticationTypes").size()).isEqualTo(4);
    }
    HttpResponse<String> preflight =
        here.send(
            HttpRequest.newBuilder(URI.create(here.url() + MANIFEST))
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
    assertThat(preflight.statusCode()).isEqualTo(204);
    assertThat(preflight.headers().firstValue("Access-Control-Allow-Methods")).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /plugins/servlet/applinks/listApplicationLinks?applinkStartingUrl=x, 403",
    "GET, /plugins/servlet/applinks/auth/conf/oauth/add-consumer-by-url/1/INBOUND, 403",
    "DELETE, /plugins/servlet/applinks/auth/conf/oauth/autoconfig/1, 403",
    "GET, /rest/applinks/1.0/authenticationinfo/id/1/url/x, 403",
    "PUT, /rest/applinks/1.0/applicationlink/1, 403",
    "PUT, /rest/applinks/2.0/applicationlink/1/authentication/provider, 403",
    "GET, /rest/applinks/3.0/applicationlinkForm/manifest.json, 403",
    "GET, /rest/applinks/latest/listApplicationlinks, 403",
    "GET, /rest/applinks/3.0/applinks, 403",
    "PUT, /rest/applinks-oauth/latest/applicationlink/1/authentication/consumer, 403",
    "PUT, /rest/applinks/3.0/status/5f0c1c52-0000-4000-8000-0123456789ab/oauth, 403",
    "GET, /rest/applinks/3.0/anything, 502",
    "GET, /plugins/servlet/applinks/anything, 502",
  })
  void administrationWhenTriedByAPeerThenRefusedAndNeverTheApplications(
      String method, String path, int status) {
    HttpResponse<String> answer =
        here.send(
            HttpRequest.newBuilder(URI.create(here.url() + path))
                .method(method, HttpRequest.BodyPublishers.noBody()));

    assertThat(answer.statusCode()).isEqualTo(status);
    if (status == 403) {
      assertThat(answer.body()).contains("on its own machine alone", "onbehalf link add");
    }
  }

  @Test
  void manifestWhenSignedByAStrangerThenRefused() {
    HttpResponse<String> refused =
        here.send(
            HttpRequest.newBuilder(URI.create(here.url() + MANIFEST))
                .header(
                    "Authorization",
                    "OAuth oauth_token=\"\", oauth_consumer_key=\"stranger\","
                        + " oauth_signature_method=\"RSA-SHA1\", oauth_timestamp=\"1\","
                        + " oauth_nonce=\"1\", oauth_signature=\"AAAA\""));

    assertThat(refused.statusCode()).isBetween(400, 401);
  }

  @Test
  void statusWhenThereIsNoSuchLinkThen404AndCapabilitiesAreListed() {
    String status = "/rest/applinks/3.0/status/5f0c1c52-0000-4000-8000-0123456789ab/oauth";
    assertThat(here.get(status).statusCode()).isEqualTo(404);
    assertThat(here.get("/rest/applinks/latest/capabilities").body()).isEqualTo("[\"STATUS_API\"]");
    assertThat(here.get("/rest/applinks/3.0/capabilities/STATUS_API").statusCode()).isEqualTo(200);
    assertThat(here.get("/rest/applinks/3.0/capabilities/OTHER").statusCode()).isEqualTo(404);
    assertThat(here.get("/plugins/servlet/oauth/consumer-info").headers().map())
        .containsKey("access-control-allow-origin");
  }

  private static Map<String, Object> bothWays(TestInstance other) {
    return Map.of(
        "url",
        other.url(),
        "name",
        "peer",
        "bothWays",
        true,
        "impersonation",
        true,
        "privateAddresses",
        true);
  }

  private static JsonNode test(TestInstance at) {
    return at.post("/api/links/peer/test", Map.of("person", "alice"));
  }
}
