package dev.onbehalf.applinks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.oauth1.Signer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** Sends what a listener on the wire could send, to see that a provider takes each request once. */
final class Attacks {
  private final HttpClient http = HttpClient.newHttpClient();
  private final Signer signer;
  private final URI url;

  Attacks(Signer signer, URI url) {
    this.signer = signer;
    this.url = url;
  }

  void assertReplayRefused() throws Exception {
    String signed = sign();
    assertThat(send("GET", url.toString(), signed)).isEqualTo(200);
    assertThat(send("GET", url.toString(), signed)).isEqualTo(401);
  }

  void assertTamperingRefused() throws Exception {
    assertThat(send("GET", url + "&more=1", sign())).isEqualTo(401);
    assertThat(send("POST", url.toString(), sign())).isEqualTo(401);
    assertThat(send("GET", url.toString().replace("a=1", "a=2"), sign())).isEqualTo(401);
    String signed = sign();
    assertThat(send("GET", url.toString(), signed.replaceFirst("oauth_nonce=\"", "$0x")))
        .isEqualTo(401);
    assertThat(send("GET", url.toString(), signed)).isEqualTo(200);
  }

  private String sign() {
    return signer.sign("GET", url.toString()).authorizationHeader();
  }

  private int send(String method, String to, String authorization) throws Exception {
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(URI.create(to))
                .header("Authorization", authorization)
                .method(method, BodyPublishers.noBody())
                .build(),
            BodyHandlers.ofString());
    return response.statusCode();
  }
}
