package dev.onbehalf.server.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CallbackUrlTest {

  @DisplayName("41: http and https callbacks are registered")
  @ParameterizedTest
  @CsvSource({
    "http://Callback/, http://callback/",
    "https://Callback/, https://callback/",
    "https://jira.example.com, https://jira.example.com/",
    "https://jira.example.com:443/cb, https://jira.example.com/cb",
    "https://jira.example.com:8443/Cb, https://jira.example.com:8443/Cb",
    "http://[::1]:8080/cb, http://[::1]:8080/cb",
  })
  void newWhenWellFormedThenNormalised(String given, String expected) {
    assertThat(new CallbackUrl(given).text()).isEqualTo(expected);
  }

  @DisplayName("42: anything else is not")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "http://",
        "Url1",
        "javascript:alert(1)",
        "JavaScript://consumer.example.com/%0aalert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://consumer.example.com/cb",
        "//consumer.example.com/cb",
        "/cb",
        "bitbucket.org",
        "https://user@consumer.example.com/cb",
        "https://user:password@consumer.example.com/cb",
        "https://consumer.example.com:0/cb",
        "https://consumer.example.com:65536/cb",
        "https://consumer.example.com:/cb",
        "https://consumer.example.com/cb#fragment",
        "https://consumer.example.com/cb?query=1",
        "https://consumer.example.com/a/../cb",
        "https://consumer.example.com/a/%2e%2e/cb",
        "https://consumer.example.com/a%2fcb",
        "https://consumer.example.com/a%5ccb",
        "https://consumer.example.com/a%252fcb",
        "https://consumer.example.com/a%00cb",
        "https://consumer.example.com/a%0d%0acb",
        "https://consumer.example.com\\@evil.example.com/cb",
        "https://consumer.example.com/\tcb",
        "https://consumer.example.com/cb\n",
        " https://consumer.example.com/cb",
        "https://*.example.com/cb",
        "https://consumer.example.com/*",
        "https://consumer.example.com/cb;jsessionid=1",
        "https://consumer.example.com//evil",
        "https://xn--.example.com../\u0000",
        "https://\u0435xample.com/cb",
      })
  void newWhenNotPlainHttpThenRefused(String given) {
    assertThatIllegalArgumentException().isThrownBy(() -> new CallbackUrl(given));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://jira.example.com/cb|true",
        "https://JIRA.example.com/cb|true",
        "https://jira.example.com:443/cb|true",
        "https://jira.example.com/cb?applicationLinkID=1&redirectUrl=http%3A%2F%2Fx%2F|true",
        "http://jira.example.com/cb|false",
        "https://jira.example.com:8443/cb|false",
        "https://jira.example.com/Cb|false",
        "https://jira.example.com/cb/|false",
        "https://jira.example.com/cb/x|false",
        "https://jira.example.com/x/../cb|false",
        "https://jira.example.com.evil.example.com/cb|false",
        "https://evil.example.com/cb?https://jira.example.com/cb|false",
        "https://jira.example.com@evil.example.com/cb|false",
        "https://evil.example.com\\@jira.example.com/cb|false",
        "https://jira.example.com/cb#x|false",
        "HTTPS://jira.example.com/cb|false",
        "https://jira.example.com/%63b|false",
        "https:/jira.example.com/cb|false",
        "https:jira.example.com/cb|false",
        "javascript:alert(1)//https://jira.example.com/cb|false",
      })
  void matchesWhenSentThenOnlyTheSamePlace(String sent, boolean expected) {
    assertThat(new CallbackUrl("https://jira.example.com/cb").matches(sent)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http://127.0.0.1/back|http://127.0.0.1:49152/back?state=x|true",
        "http://[::1]/back|http://[::1]:49152/back|true",
        "http://127.0.0.1/back|http://127.0.0.1/back|true",
        "http://127.0.0.1:9/back|http://127.0.0.1:49152/back|false",
        "http://127.0.0.1/back|http://127.0.0.1:49152/other|false",
        "http://127.0.0.1/back|https://127.0.0.1:49152/back|false",
        "http://127.0.0.1/back|http://[::1]:49152/back|false",
        "http://localhost/back|http://localhost:49152/back|false",
        "http://jira.example.com/back|http://jira.example.com:49152/back|false",
      })
  void matchesWhenLoopbackWithoutPortThenEveryPortThere(
      String registered, String sent, boolean expected) {
    assertThat(new CallbackUrl(registered).matches(sent)).isEqualTo(expected);
  }
}
