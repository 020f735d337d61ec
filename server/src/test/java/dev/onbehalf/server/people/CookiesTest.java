package dev.onbehalf.server.people;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.config.PublicUrl;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CookiesTest {
  private static final String VALUE = "aZ0_-".repeat(8) + "abc";

  @ParameterizedTest
  @CsvSource({
    "https://ci.example.com, __Host-onbehalf=v; Path=/; Secure; HttpOnly; SameSite=Lax",
    "https://ci.example.com/ci, __Host-onbehalf=v; Path=/; Secure; HttpOnly; SameSite=Lax",
    "http://localhost:8080, onbehalf=v; Path=/; HttpOnly; SameSite=Lax",
    "http://localhost:8080/ci, onbehalf=v; Path=/ci; HttpOnly; SameSite=Lax",
    "http://localhost:8080/c;Domain=x, onbehalf=v; Path=/; HttpOnly; SameSite=Lax",
  })
  void setWhenUrlThenAsStrictAsItAllows(String url, String expected) {
    assertThat(Cookies.SESSION.set(PublicUrl.parse(url), "v")).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "onbehalf=V",
        " onbehalf=V ",
        "a=b;onbehalf=V",
        "onbehalf=V;",
        "x;;=;onbehalf = V",
        "onbehalf=short; onbehalf=V",
        "onbehalf==V; onbehalf=V",
        "a=onbehalf=W; onbehalf=V"
      })
  void valuesWhenWellFormedThenFound(String header) {
    assertThat(Cookies.SESSION.values(List.of(header.replace("V", VALUE)), false))
        .containsExactly(VALUE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "=",
        ";;;",
        "onbehalf",
        "onbehalf=",
        "onbehalf=short",
        "onbehalf=Va",
        "ONBEHALF=V",
        "onbehalf=\"V\"",
        "__Host-onbehalf=V",
        "xonbehalf=V",
        "onbehalf2=V",
        "onbehalf-sign-in=V",
        "onbehalf=üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü"
      })
  void valuesWhenMalformedOrAnotherThenNone(String header) {
    assertThat(Cookies.SESSION.values(List.of(header.replace("V", VALUE)), false)).isEmpty();
  }

  @Test
  void valuesWhenManyThenFewAreTried() {
    assertThat(Cookies.SESSION.values(List.of(("onbehalf=" + VALUE + ";").repeat(100)), false))
        .hasSize(3);
  }

  @ParameterizedTest
  @CsvSource({
    "onbehalf, true",
    "__Host-onbehalf, true",
    "__HOST-ONBEHALF, true",
    "Onbehalf, true",
    "onbehalf-sign-in, true",
    "__host-onbehalf-sign-in, true",
    "JSESSIONID, false",
    "onbehalf2, false",
    "__Host-, false",
    "my-onbehalf, false",
    "'', false",
  })
  void ownWhenNameInAnyCaseThenOursIsKnown(String name, boolean own) {
    assertThat(Cookies.own(name)).isEqualTo(own);
  }
}
