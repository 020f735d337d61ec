package dev.onbehalf.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.web.Form;
import java.net.http.HttpResponse;

/** What tests expect of the provider's answers to programs. */
final class Answered {
  static final String REALM = "OAuth realm=\"https%3A%2F%2Fci.example.com\"";

  private Answered() {}

  /** Expects a problem in header and body alike, and nothing about it that need not be told. */
  static void problem(HttpResponse<String> response, int status, String problem) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.body()).matches("oauth_problem=" + problem + "(&.*)?");
    assertThat(response.headers().firstValue("content-type"))
        .hasValue("application/x-www-form-urlencoded;charset=UTF-8");
    assertThat(response.headers().firstValue("WWW-Authenticate").orElseThrow())
        .startsWith(REALM + ", oauth_problem=\"" + problem + "\"");
  }

  /** Expects the shape by which Atlassian consumers see that a level is off. */
  static void levelOff(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(401);
    assertThat(response.body()).isEmpty();
    assertThat(response.headers().firstValue("content-type")).isEmpty();
    assertThat(response.headers().allValues("WWW-Authenticate")).hasSize(1);
    assertThat(response.headers().firstValue("WWW-Authenticate").orElseThrow())
        .startsWith(REALM + ", oauth_")
        .doesNotContain("oauth_problem");
  }

  static String parameter(HttpResponse<String> response, String name) {
    return Form.parse(response.body())
        .value(name)
        .orElseThrow(() -> new AssertionError(name + " is not in " + response.body()));
  }
}
