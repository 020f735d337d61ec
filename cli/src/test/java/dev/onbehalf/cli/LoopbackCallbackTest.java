package dev.onbehalf.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class LoopbackCallbackTest {
  private final HttpClient http = HttpClient.newHttpClient();

  private int visit(URI url) throws Exception {
    return http.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString()).statusCode();
  }

  @Test
  void awaitWhenSomebodyElseVisitsThenWaitsForTheRightState() throws Exception {
    try (LoopbackCallback callback = LoopbackCallback.listen()) {
      String url = callback.url().toString();
      String bare = url.substring(0, url.indexOf('?'));
      String brought = "oauth_token=a&oauth_verifier=b";
      for (String other :
          List.of(
              bare,
              bare + "?" + brought,
              bare + "?state=&" + brought,
              bare + "?state=a-guess&" + brought,
              bare + "?state=%zz&" + brought,
              url,
              url + "&oauth_token=a",
              url.replace("/back", "/favicon.ico") + "&" + brought)) {
        assertThat(visit(URI.create(other.replace("%zz", "%25zz")))).as(other).isEqualTo(404);
      }
      assertThat(
              http.send(
                      HttpRequest.newBuilder(URI.create(url + "&" + brought))
                          .POST(BodyPublishers.noBody())
                          .build(),
                      BodyHandlers.ofString())
                  .statusCode())
          .isEqualTo(404);
      assertThatThrownBy(() -> callback.await(Duration.ZERO)).isInstanceOf(TimeoutException.class);

      assertThat(visit(URI.create(url + "&oauth_token=to%2Bken&oauth_verifier=code")))
          .isEqualTo(200);

      assertThat(callback.await(Duration.ofSeconds(30)))
          .hasToString("{\"token\":\"to+ken\",\"verifier\":\"code\"}");
    }
  }
}
