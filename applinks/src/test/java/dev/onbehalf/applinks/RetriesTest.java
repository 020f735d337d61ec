package dev.onbehalf.applinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onbehalf.applinks.Request.MethodType;
import dev.onbehalf.applinks.application.GenericApplicationType;
import dev.onbehalf.applinks.auth.TwoLeggedOAuthAuthenticationProvider;
import dev.onbehalf.oauth1.SignatureMethod;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetriesTest {
  private TestPeer peer;

  @BeforeEach
  void start() throws Exception {
    peer = new TestPeer(SignatureMethod.RSA_SHA1);
  }

  @AfterEach
  void stop() {
    peer.close();
  }

  private static ApplicationLinkRequest request(ApplicationLinks links, MethodType method)
      throws Exception {
    return Objects.requireNonNull(
            TestPeer.only(links)
                .createAuthenticatedRequestFactory(TwoLeggedOAuthAuthenticationProvider.class))
        .createRequest(method, "/me/api/json");
  }

  private ApplicationLinks.Builder links() {
    return ApplicationLinks.builder().link(peer.link().build());
  }

  private List<String> signatures() {
    return peer.seen.stream()
        .map(seen -> String.valueOf(seen.headers().get("Authorization")))
        .toList();
  }

  @ParameterizedTest
  @EnumSource(names = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS"})
  void executeWhenConnectionBreaksOffThenRepeatedWithAnotherSignature(MethodType method)
      throws Exception {
    peer.drops.set(Retries.DEFAULT);
    ApplicationLinkRequest request = request(links().build(), method);
    if (method == MethodType.PUT) {
      request.setRequestBody("{\"whole\":true}");
    }

    request.execute();

    assertThat(signatures()).hasSize(3).doesNotHaveDuplicates();
    assertThat(peer.seen.stream().map(TestPeer.Seen::body).distinct()).hasSize(1);
  }

  @Test
  void executeWhenPostBreaksOffThenNeverRepeated() throws Exception {
    peer.drops.set(1);
    ApplicationLinkRequest request =
        request(links().retries(Retries.LIMIT).build(), MethodType.POST);

    assertThatThrownBy(request::execute)
        .isInstanceOf(ResponseTransportException.class)
        .hasMessageContaining("broke off");

    assertThat(signatures()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 2", "3, 4"})
  void executeWhenPeerStaysBrokenThenGivenUpAfterTheLimit(int most, int sent) throws Exception {
    peer.drops.set(Integer.MAX_VALUE);
    ApplicationLinkRequest request = request(links().retries(most).build(), MethodType.GET);

    assertThatThrownBy(request::execute).isInstanceOf(ResponseException.class);

    assertThat(signatures()).hasSize(sent).doesNotHaveDuplicates();
  }

  @Test
  void executeWhenAKeptConnectionBreaksOffThenTheSpentNonceCostsNothing() throws Exception {
    ApplicationLinks links = links().build();
    request(links, MethodType.GET).execute();
    peer.drops.set(1);

    assertThat(request(links, MethodType.GET).execute()).contains("reader");
  }

  @Test
  void executeWhenPeerIsSlowThenNotRepeated() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
      ApplicationLinks links =
          ApplicationLinks.builder()
              .link(
                  ApplicationLinkDetails.builder(
                          new ApplicationId("slow"),
                          "Slow",
                          new GenericApplicationType(),
                          URI.create("http://127.0.0.1:" + silent.getLocalPort()),
                          peer.signer())
                      .authentication(TwoLeggedOAuthAuthenticationProvider.class)
                      .build())
              .build();
      ApplicationLinkRequest request = request(links, MethodType.GET).setSoTimeout(200);

      assertThatThrownBy(request::execute)
          .isInstanceOfSatisfying(
              ResponseException.class, e -> assertThat(e.getError()).isEqualTo(LinkError.TIMEOUT));

      silent.accept().close();
      silent.setSoTimeout(1);
      assertThatThrownBy(silent::accept).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 9})
  void retriesWhenOutsideThenRefused(int most) {
    assertThatThrownBy(() -> links().retries(most))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 to 8");
  }
}
