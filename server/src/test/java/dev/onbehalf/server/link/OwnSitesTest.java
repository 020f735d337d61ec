package dev.onbehalf.server.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.config.PublicUrl;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Where a dance may end (case 49)")
final class OwnSitesTest {
  private static final PublicUrl CI = PublicUrl.parse("https://ci.example.com/base");
  private static final PublicUrl ROOT = PublicUrl.parse("http://build.example.com:8080");

  private final OwnSites sites = new OwnSites(List.of(CI, ROOT));

  @ParameterizedTest
  @CsvSource({
    "https://ci.example.com/base, https://ci.example.com/base",
    "https://ci.example.com:443/base/job?a=b#c, https://ci.example.com/base/job?a=b#c",
    "HTTPS://CI.example.com/base/, https://ci.example.com/base/",
    "/base/job/1, https://ci.example.com/base/job/1",
    "http://build.example.com:8080, http://build.example.com:8080",
    "http://build.example.com:8080/x, http://build.example.com:8080/x"
  })
  void ownWhenBelowASiteThenMadeAnew(String given, String expected) {
    assertThat(sites.own(CI, given)).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example.com/base",
        "//evil.example.com",
        "///evil.example.com",
        "/\\evil.example.com",
        "\\\\evil.example.com",
        "https:evil.example.com",
        "https:/evil.example.com",
        "https:///evil.example.com",
        "https://ci.example.com@evil.example.com/base",
        "https://ci.example.com:443@evil.example.com/base",
        "https://ci.example.com.evil.example.com/base",
        "https://ci.example.com%2eevil.example.com/base",
        "https://ci.example.com:8443/base",
        "http://ci.example.com/base",
        "https://ci.example.com/",
        "https://ci.example.com/basement",
        "https://ci.example.com/base/../admin",
        "https://ci.example.com/base/%2e%2e/admin",
        "https://ci.example.com/base/..;/admin",
        "https://ci.example.com/base/%2fevil.example.com",
        "https://ci.example.com/base//evil.example.com",
        "https://ci.example.com/base/%252e%252e/admin",
        "javascript:alert(1)",
        "data:text/html,x",
        "mailto:alice@example.com",
        "base/job",
        "https://ci.example.com/base/\u0009x",
        "https://ci.example.com/base/ x",
        "https://ci.example.com/base/\r\nSet-Cookie:a=b",
        "https://ci.\u0435xample.com/base"
      })
  void ownWhenElsewhereOrAmbiguousThenNothing(String given) {
    assertThat(sites.own(CI, given)).isEmpty();
  }
}
