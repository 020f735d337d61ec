package dev.onbehalf.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onbehalf.server.config.ConfigurationReader;
import dev.onbehalf.server.link.Links;
import dev.onbehalf.server.link.TestInstance;
import dev.onbehalf.server.link.TestTls;
import dev.onbehalf.server.outgoing.Outgoing;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@DisplayName("Peers with a certificate of another authority, and behind a proxy")
final class OutgoingHttpTest {
  private static final String HOST = "peer.invalid";
  @TempDir static Path directory;

  private static TestTls tls;
  private static TestInstance peer;

  @BeforeAll
  static void start() throws Exception {
    tls = TestTls.make(directory, "dns:" + HOST + ",ip:127.0.0.1");
    peer =
        new TestInstance(
            directory.resolve("peer"),
            Clock.systemUTC(),
            "https://" + HOST,
            "tls.certificate=" + tls.certificate(),
            "tls.key=" + tls.privateKey());
  }

  @AfterAll
  static void stop() {
    peer.close();
  }

  private static TestInstance here(String name, String... settings) throws IOException {
    return new TestInstance(
        directory.resolve(name), Clock.systemUTC(), "http://127.0.0.1", settings);
  }

  private static JsonNode link(TestInstance here) {
    here.post(
        "/api/links",
        Map.of(
            "url",
            peer.url(),
            "name",
            "peer",
            "discover",
            true,
            "impersonation",
            true,
            "privateAddresses",
            true));
    return here.post("/api/links/peer/test", Map.of("person", "alice"));
  }

  @Test
  void siteWhenItIsBehindAProxyWithItsOwnAuthorityThenReached() throws Exception {
    URI address = URI.create(peer.url());
    Path secret = Files.writeString(directory.resolve("site.secret"), "the secret of a site");
    Path delivery =
        Files.writeString(
            directory.resolve("delivery.yaml"),
            """
            sites:
              - name: main
                site: example.atlassian.net
                client-id: someone
                client-secret-file: %1$s
                site-url: %2$s
                api-url: %2$s
            """
                .formatted(secret, peer.url()));
    try (ConnectProxy proxy = ConnectProxy.to(address.getPort());
        TestInstance here =
            here(
                "sender",
                "delivery.file=" + delivery,
                "outgoing.ca-file=" + tls.authority(),
                "outgoing.proxy=127.0.0.1:" + proxy.port())) {
      String health = here.post("/api/health", Map.of()).toString();

      assertThat(health)
          .as("an answer of the peer, which is no Jira")
          .contains("site main", "status 502");
      assertThat(proxy.asked()).isNotEmpty().allMatch((HOST + ":" + address.getPort())::equals);
    }
  }

  @Test
  void linkWhenThePeerIsBehindAProxyWithItsOwnAuthorityThenDiscoveredTestedAndCalled()
      throws Exception {
    URI address = URI.create(peer.url());
    try (ConnectProxy proxy = ConnectProxy.to(address.getPort());
        TestInstance here =
            here(
                "here",
                "outgoing.ca-file=" + tls.authority(),
                "outgoing.proxy=127.0.0.1:" + proxy.port())) {
      peer.register(
          here,
          Map.of(
              "impersonation",
              true,
              "callbacks",
              List.of(Links.callbackOf(URI.create(here.url())))));

      JsonNode tested = link(here);

      assertThat(tested.path("working").asBoolean()).as(tested.toString()).isTrue();
      assertThat(tested.toString())
          .contains("It runs as alice.", "It knows this server and lets it ask people.");
      String token =
          here.post("/api/personal-tokens", Map.of("person", "bob", "name", "x", "seconds", 60))
              .path("value")
              .asString();
      here.admin("PATCH", "/api/links/peer", Map.of("threeLegged", false));
      HttpResponse<String> relayed =
          here.send(
              HttpRequest.newBuilder(
                      URI.create(here.url() + Outgoing.TO + "peer/plugins/servlet/applinks/whoami"))
                  .header("Authorization", "Bearer " + token));
      assertThat(relayed.body()).isEqualTo("bob");
      assertThat(proxy.asked()).isNotEmpty().allMatch((HOST + ":" + address.getPort())::equals);
    }
  }

  @Test
  void linkWhenTheAuthorityIsNotNamedThenSaidInASentence() throws Exception {
    try (ConnectProxy proxy = ConnectProxy.to(URI.create(peer.url()).getPort());
        TestInstance here = here("untrusting", "outgoing.proxy=127.0.0.1:" + proxy.port())) {
      HttpResponse<String> refused =
          here.admin(
              "POST", "/api/links", Map.of("url", peer.url(), "name", "peer", "discover", true));

      assertThat(refused.statusCode()).isEqualTo(502);
      assertThat(refused.body()).contains("its certificate is not trusted here");
    }
  }

  @Test
  void linkWhenThePeerIsInAPrivateNetworkThenReachedWithoutTheProxy() throws Exception {
    try (ConnectProxy proxy = ConnectProxy.to(1);
        TestInstance near = here("near");
        TestInstance here = here("direct", "outgoing.proxy=127.0.0.1:" + proxy.port())) {
      here.post(
          "/api/links",
          Map.of("url", near.url(), "name", "near", "discover", true, "privateAddresses", true));

      assertThat(proxy.asked()).isEmpty();
    }
  }

  @Test
  void startWhenTheFileOfAuthoritiesCannotBeUsedThenSaysWhich() throws Exception {
    Path file = Files.writeString(directory.resolve("none.pem"), "no certificate");

    assertThatThrownBy(
            () ->
                OutgoingHttp.of(
                    ConfigurationReader.read(null, Map.of(), List.of("outgoing.ca-file=" + file))
                        .configuration()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("none.pem")
        .hasMessageContaining("outgoing.ca-file");
  }
}
