package dev.onbehalf.applinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onbehalf.applinks.Request.MethodType;
import dev.onbehalf.applinks.auth.AuthenticationProvider;
import dev.onbehalf.applinks.auth.OAuthAuthenticationProvider;
import dev.onbehalf.applinks.auth.TwoLeggedOAuthAuthenticationProvider;
import dev.onbehalf.applinks.auth.TwoLeggedOAuthWithImpersonationAuthenticationProvider;
import dev.onbehalf.oauth1.SignatureMethod;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinkRequestTest {
  private static final Class<TwoLeggedOAuthWithImpersonationAuthenticationProvider> IMPERSONATING =
      TwoLeggedOAuthWithImpersonationAuthenticationProvider.class;

  private TestPeer peer;

  @BeforeEach
  void start() throws Exception {
    peer = new TestPeer(SignatureMethod.RSA_SHA1);
  }

  @AfterEach
  void stop() {
    peer.close();
  }

  private static ApplicationLinkRequest request(
      ApplicationLink link,
      Class<? extends AuthenticationProvider> provider,
      MethodType method,
      String url)
      throws CredentialsRequiredException {
    return Objects.requireNonNull(link.createAuthenticatedRequestFactory(provider))
        .createRequest(method, url);
  }

  private ApplicationLinkRequest impersonating(MethodType method, String url) throws Exception {
    return request(peer.linkFor("alice"), IMPERSONATING, method, url);
  }

  private TestPeer.Seen seen() {
    assertThat(peer.seen).hasSize(1);
    return peer.seen.get(0);
  }

  @ParameterizedTest
  @EnumSource
  void executeWhenTwoLeggedThenAccepted(SignatureMethod method) throws Exception {
    try (TestPeer other = new TestPeer(method)) {
      ApplicationLink link = other.linkFor("alice");

      String body =
          request(
                  link,
                  TwoLeggedOAuthAuthenticationProvider.class,
                  MethodType.GET,
                  "/me/api/json?x=1&y=a%20b")
              .execute();

      assertThat(body).isEqualTo("{\"id\":\"reader\"}");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"alice", "zo\u00eb & co"})
  void executeWhenImpersonatingThenRunsAsThePerson(String person) throws Exception {
    String body =
        request(peer.linkFor(person), IMPERSONATING, MethodType.GET, "me/api/json?x").execute();

    assertThat(body).isEqualTo("{\"id\":\"" + person + "\"}");
    assertThat(seen().headers().toString()).doesNotContain("requestor");
  }

  @ParameterizedTest
  @EnumSource(names = {"RSA_SHA1", "HMAC_SHA1"})
  void executeWhenAuthorisedThenRunsAsThePerson(SignatureMethod method) throws Exception {
    try (TestPeer other = new TestPeer(method)) {
      ApplicationLink link = other.linkFor("alice");
      LoginDance dance = link.loginDance();
      dance.finish(other.allow(dance.startOutOfBand(), "alice"));

      ApplicationLinkRequestFactory factory = link.createAuthenticatedRequestFactory();

      assertThat(factory.createRequest(MethodType.POST, "/x").execute()).contains("alice");
    }
  }

  @Test
  void createRequestWhenNotAuthorisedThenCredentialsRequired() {
    ApplicationLink link = peer.linkFor("alice");

    assertThatThrownBy(() -> request(link, OAuthAuthenticationProvider.class, MethodType.GET, "/x"))
        .isInstanceOf(CredentialsRequiredException.class)
        .hasMessageContaining("'alice'")
        .hasMessageContaining("'CI'");
  }

  @Test
  void executeWhenParametersOnGetThenInTheQuery() throws Exception {
    impersonating(MethodType.GET, "/x?a=1").addRequestParameters("b", "c d/&").execute();

    assertThat(seen().target()).startsWith("/base/x?a=1&b=c%20d%2F%26&xoauth_requestor_id=alice");
  }

  @ParameterizedTest
  @EnumSource(names = {"POST", "PUT"})
  void executeWhenParametersOnPostThenInTheSignedForm(MethodType method) throws Exception {
    impersonating(method, "/x").addRequestParameters("b", "c d", "b", "+").execute();

    assertThat(seen().body()).isEqualTo("b=c%20d&b=%2B");
  }

  @Test
  void executeWhenBodyAndParametersThenParametersInTheQuery() throws Exception {
    impersonating(MethodType.POST, "/x")
        .setRequestBody("{\"text\":\"\u00e9\"}")
        .addRequestParameters("expand", "all")
        .setHeader("X-Atlassian-Token", "no-check")
        .execute();

    assertThat(seen().body()).isEqualTo("{\"text\":\"\u00e9\"}");
    assertThat(seen().target()).contains("?expand=all&");
    assertThat(seen().headers()).containsEntry("X-atlassian-token", List.of("no-check"));
    assertThat(seen().headers()).containsEntry("Content-type", List.of("application/json"));
  }

  @Test
  void executeWhenFormIsGivenAsTextThenSigned() throws Exception {
    impersonating(MethodType.POST, "/x")
        .setRequestBody("a=1&b=%2F", "application/x-www-form-urlencoded; charset=UTF-8")
        .execute();

    assertThat(seen().body()).isEqualTo("a=1&b=%2F");
  }

  @Test
  void executeWhenBodyIsAStreamThenSentAtEachExecution() throws Exception {
    ApplicationLinkRequest request =
        impersonating(MethodType.PUT, "/x")
            .setRequestBody(
                () -> new ByteArrayInputStream("log".getBytes(StandardCharsets.UTF_8)),
                "text/plain");
    request.execute();
    request.execute();

    assertThat(peer.seen).extracting(TestPeer.Seen::body).containsExactly("log", "log");
  }

  @Test
  void executeWhenFilesThenMultipart(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("report.txt"), "all green");

    impersonating(MethodType.POST, "/attachments")
        .setFiles(List.of(new RequestFilePart("file", file, "a \"b\".txt", "text/plain")))
        .addRequestParameters("comment", "see there")
        .execute();

    assertThat(seen().headers().get("Content-type"))
        .first()
        .asString()
        .startsWith("multipart/form-data; boundary=");
    assertThat(seen().body())
        .contains("form-data; name=\"comment\"\r\n\r\nsee there\r\n")
        .contains("name=\"file\"; filename=\"a %22b%22.txt\"\r\nContent-Type: text/plain")
        .contains("\r\n\r\nall green\r\n--");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://other.example/x",
        "https://127.0.0.1/base/x",
        "/../x",
        "/..;a=b/x",
        "/a/%2e%2E/../../x",
        "/x y",
        "/x#part",
        "http://127.0.0.1@other.example/base"
      })
  void createRequestWhenUrlLeavesTheLinkThenRefused(String url) {
    assertThatThrownBy(() -> impersonating(MethodType.GET, url))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void createRequestWhenAbsoluteUrlIsBelowTheLinkThenSent() throws Exception {
    impersonating(MethodType.GET, peer.url() + "/a%2Fb//c").execute();

    assertThat(seen().target()).startsWith("/base/a%2Fb//c?");
  }

  @Test
  void requestWhenCallerNamesTheRequestorThenRefused() throws Exception {
    for (String query : List.of("/x?xoauth_requestor_id=bob", "/x?a&xoauth%5Frequestor_id=bob")) {
      assertThatThrownBy(() -> impersonating(MethodType.GET, query))
          .hasMessageContaining("actingAs");
    }
    ApplicationLinkRequest request =
        request(
            peer.linkFor("alice"),
            TwoLeggedOAuthAuthenticationProvider.class,
            MethodType.POST,
            "/x");
    assertThatThrownBy(() -> request.addRequestParameters("user_id", "bob"))
        .hasMessageContaining("actingAs");
    assertThatThrownBy(
            () ->
                request.setRequestBody(
                    "xoauth_requestor_id=bob", "application/x-www-form-urlencoded"))
        .hasMessageContaining("actingAs");
    assertThatThrownBy(() -> request.setHeader("Authorization", "Basic x"))
        .hasMessageContaining("Authorization");
  }

  @Test
  void executeWhenRedirectThenNotFollowedUnlessAsked() throws Exception {
    assertThatThrownBy(() -> impersonating(MethodType.GET, "/moved").execute())
        .isInstanceOfSatisfying(
            ResponseException.class, e -> assertThat(e.getError()).isEqualTo(LinkError.REDIRECTED))
        .hasMessageContaining("/base/me/api/json");
    assertThat(impersonating(MethodType.GET, "/moved").setFollowRedirects(true).execute())
        .contains("alice");
  }

  @Test
  void executeWhenRedirectLeavesTheLinkThenFollowedWithoutCredentials() throws Exception {
    try (TestPeer elsewhere = new TestPeer(SignatureMethod.HMAC_SHA1);
        TestPeer first = new TestPeer(SignatureMethod.HMAC_SHA1)) {
      first.instead = new TestPeer.Answer(302, Map.of("Location", elsewhere.url() + "/x"), "");
      elsewhere.instead =
          new TestPeer.Answer(
              401, Map.of("WWW-Authenticate", "OAuth oauth_problem=\"token_rejected\""), "no");

      int status =
          request(first.linkFor("alice"), IMPERSONATING, MethodType.GET, "/x")
              .setHeader("X-Private", "mine")
              .setFollowRedirects(true)
              .executeAndReturn(Response::getStatusCode);

      assertThat(status).isEqualTo(401);
      assertThat(elsewhere.seen).hasSize(1);
      assertThat(elsewhere.seen.get(0).headers()).doesNotContainKeys("Authorization", "X-private");
    }
  }

  @Test
  void executeWhenHandlerIsGivenThenItSeesEveryStatus() throws Exception {
    assertThat(
            impersonating(MethodType.GET, "/missing")
                .<String>executeAndReturn(
                    response ->
                        response.getStatusCode()
                            + response.getResponseBodyAsString()
                            + response.getHeader("content-type")))
        .isEqualTo("404no such thingtext/plain");
    assertThatThrownBy(() -> impersonating(MethodType.GET, "/missing").execute())
        .isInstanceOfSatisfying(
            ResponseStatusException.class, e -> assertThat(e.getStatusCode()).isEqualTo(404));
  }
}
