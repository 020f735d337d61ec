package dev.onbehalf.oauth1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables of RFC 5849 3.4.1.2 and 3.4.1.3: URLs, then parameters. */
class NormalisationTableTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = true,
      textBlock =
          """
          http://example.com                       | http://example.com/
          http://example.com/                      | http://example.com/
          HTTP://example.com/                      | http://example.com/
          HttpS://EXAMPLE.com/Path                 | https://example.com/Path
          http://example.com:80/                   | http://example.com/
          http://example.com:080/                  | http://example.com/
          http://example.com:/                     | http://example.com/
          http://example.com:443/                  | http://example.com:443/
          https://example.com:443/                 | https://example.com/
          https://example.com:80/                  | https://example.com:80/
          https://example.com:8443                 | https://example.com:8443/
          http://example.com:8080/a                | http://example.com:8080/a
          http://example.com:65536080/             | http://example.com:65536080/
          http://example.com:4294967376/           | http://example.com:4294967376/
          http://example.com/a%2fb                 | http://example.com/a%2fb
          http://example.com/a%2Fb                 | http://example.com/a%2Fb
          http://example.com/job/feature%252Fx/    | http://example.com/job/feature%252Fx/
          http://example.com/%7Euser               | http://example.com/%7Euser
          http://example.com/~user                 | http://example.com/~user
          http://example.com//a//                  | http://example.com//a//
          http://example.com/a/../b/./c            | http://example.com/a/../b/./c
          http://example.com/a;v=1/b,c             | http://example.com/a;v=1/b,c
          http://example.com/a+b                   | http://example.com/a+b
          http://example.com/a@b                   | http://example.com/a@b
          http://example.com/@b                    | http://example.com/@b
          http://example.com/a?x=1                 | http://example.com/a
          http://example.com?x=1                   | http://example.com/
          http://example.com/a#top                 | http://example.com/a
          http://example.com#top                   | http://example.com/
          http://example.com/a?x=/b#c              | http://example.com/a
          http://127.0.0.1:80/                     | http://127.0.0.1/
          http://[2001:DB8::1]/                    | http://[2001:db8::1]/
          http://[2001:db8::80]/                   | http://[2001:db8::80]/
          http://[2001:db8::1]:80/                 | http://[2001:db8::1]/
          http://[2001:db8::1]:8080/               | http://[2001:db8::1]:8080/
          http://example.com/caf\u00e9             | http://example.com/caf\u00e9
          """)
  void baseStringWhenUrlGivenThenNormalised(String url, String expected) {
    OAuthMessage message = OAuthMessage.parse(List.of(), null, null);

    assertThat(message.baseString("get", url))
        .isEqualTo("GET&" + PercentEncoding.encode(expected) + "&");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/path",
        "example.com",
        "http:",
        "http:/",
        "http://",
        "http:///a",
        "https://:443/",
        "ftp://example.com/",
        "http//example.com",
        "http://u@example.com/",
        "http://@example.com/",
        "http://u:p@h:80/a",
        "ws://example.com/",
        "http://?a=b",
        "http://#a"
      })
  void baseStringWhenUrlIsNotAbsoluteThenRefuses(String url) {
    OAuthMessage message = OAuthMessage.parse(List.of(), null, null);

    assertThatThrownBy(() -> message.baseString("GET", url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not an absolute http or https URL");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a=b                             | a=b
          a                               | a=
          a=                              | a=
          =b                              | =b
          =                               | =
          a=b=c                           | a=b%3Dc
          a==                             | a=%3D
          a=b&c=d                         | a=b&c=d
          c=d&a=b                         | a=b&c=d
          &a=b&&c=d&                      | a=b&c=d
          &                               | ''
          a=2&a=1                         | a=1&a=2
          a=1&a=1                         | a=1&a=1
          a=10&a=9                        | a=10&a=9
          a=&a=0&a                        | a=&a=&a=0
          b=1&B=1&a=1                     | B=1&a=1&b=1
          a-b=1&a=1&ab=1                  | a=1&a-b=1&ab=1
          a.=1&a%3D=1&a=1                 | a=1&a%3D=1&a.=1
          a=b+c                           | a=b%20c
          a=b%20c                         | a=b%20c
          a=b%2Bc                         | a=b%2Bc
          a+b=c                           | a%20b=c
          a=%7e                           | a=~
          a=~                             | a=~
          a=-._                           | a=-._
          a=%2D%2E%5F                     | a=-._
          a=%41%5a%7A%30                  | a=AZz0
          a=*                             | a=%2A
          a=!'()                          | a=%21%27%28%29
          a=/?:@;,                        | a=%2F%3F%3A%40%3B%2C
          a=%26%3d                        | a=%26%3D
          a=%25                           | a=%25
          a=%2525                         | a=%2525
          a=%00                           | a=%00
          a=%0d%0a                        | a=%0D%0A
          a=%c3%a9                        | a=%C3%A9
          a=%E2%82%AC                     | a=%E2%82%AC
          a=%f0%9f%98%80                  | a=%F0%9F%98%80
          %c3%a9=1&f=1&z=1                | %C3%A9=1&f=1&z=1
          realm=x                         | realm=x
          oauth_signature=x&a=b           | a=b
          oauth_signature_method=x        | oauth_signature_method=x
          xoauth_requestor_id=a%40b       | xoauth_requestor_id=a%40b
          a=1;b=2                         | a=1%3Bb%3D2
          a[]=1&a[]=0                     | a%5B%5D=0&a%5B%5D=1
          """)
  void baseStringWhenParametersGivenThenNormalised(String raw, String expected) {
    String tail = PercentEncoding.encode(expected);

    assertThat(baseString(raw, null)).isEqualTo("POST&http%3A%2F%2Fh%2F&" + tail);
    assertThat(baseString(null, raw)).isEqualTo("POST&http%3A%2F%2Fh%2F&" + tail);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%",
        "a%",
        "a=%2",
        "a=%zz",
        "a=%2g",
        "a=%g2",
        "a=%g0%90%80%80",
        "a=%%41",
        "%C3=1",
        "a=%FF",
        "a=%C0%AF",
        "a=%ED%A0%80",
        "a=%F5%80%80%80",
        "%C3=%A9",
        "a=%C3%41%A9",
        "a=%C3A%A9",
        "a=%E2%82"
      })
  void parseWhenFormIsMalformedThenRefuses(String raw) {
    for (boolean inQuery : new boolean[] {true, false}) {
      assertThatThrownBy(() -> baseString(inQuery ? raw : null, inQuery ? null : raw))
          .isInstanceOfSatisfying(
              OAuthProblemException.class,
              e -> assertThat(e.problem()).isEqualTo(OAuthProblem.PARAMETER_REJECTED));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 11, 12, 13, 14, 24, 25, 26, 100, 1999})
  void baseStringWhenManyParametersThenSorted(int count) {
    List<String> sorted = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sorted.add(String.format(Locale.ROOT, "name%05d=%d", i / 3, i % 3));
    }
    List<String> reversed = new ArrayList<>(sorted);
    Collections.reverse(reversed);
    List<String> shuffled = new ArrayList<>(sorted);
    Collections.shuffle(shuffled, new Random(count));
    List<String> halves = new ArrayList<>(sorted.subList(count / 2, count));
    halves.addAll(sorted.subList(0, count / 2));
    List<String> reversedHalves = new ArrayList<>(sorted);
    Collections.reverse(reversedHalves.subList(0, count / 2));
    Collections.reverse(reversedHalves.subList(count / 2, count));
    String expected = "POST&http%3A%2F%2Fh%2F&" + PercentEncoding.encode(String.join("&", sorted));

    for (List<String> given : List.of(sorted, reversed, shuffled, halves, reversedHalves)) {
      assertThat(baseString(null, String.join("&", given))).isEqualTo(expected);
    }
  }

  /** Values that start alike, names that start alike for longer than the sort looks at once. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void baseStringWhenParametersStartAlikeThenSortedHoweverTheyArrive(int times) {
    List<String> sorted = new ArrayList<>();
    for (String parameter :
        List.of(
            "a=",
            "a=1",
            "a=12",
            "a=2",
            "aa=",
            "abcdefgh=1",
            "abcdefgh12345678=1",
            "abcdefgh12345678=2",
            "abcdefgh12345678x=",
            "abcdefgh12345679=",
            "abcdefgh22345678=1",
            "b=",
            "z=1")) {
      sorted.addAll(Collections.nCopies(times, parameter));
    }
    String expected = "POST&http%3A%2F%2Fh%2F&" + PercentEncoding.encode(String.join("&", sorted));
    Random random = new Random(times);
    List<String> given = new ArrayList<>(sorted);
    for (int i = 0; i < 100; i++) {
      Collections.shuffle(given, random);
      assertThat(baseString(null, String.join("&", given))).isEqualTo(expected);
    }
  }

  @Test
  void baseStringWhenOneHalfIsAllEqualThenSorted() {
    List<String> given = new ArrayList<>(Collections.nCopies(10, "b=1"));
    given.addAll(Collections.nCopies(10, "a=1"));
    List<String> sorted = new ArrayList<>(given);
    Collections.sort(sorted);

    assertThat(baseString(null, String.join("&", given)))
        .isEqualTo("POST&http%3A%2F%2Fh%2F&" + PercentEncoding.encode(String.join("&", sorted)));
  }

  @Test
  void baseStringWhenMoreThanABufferHoldsThenWhole() {
    List<String> sorted = new ArrayList<>();
    for (char name = 'a'; name <= 'h'; name++) {
      sorted.add(name + "=" + "%20".repeat(30_000));
    }
    String path = "/" + "a%2Fb".repeat(20_000) + "\u00e9".repeat(20_000);
    byte[] form = String.join("&", sorted).getBytes(StandardCharsets.US_ASCII);

    assertThat(OAuthMessage.parse(List.of(), null, form).baseString("GET", "http://h" + path))
        .isEqualTo(
            "GET&"
                + PercentEncoding.encode("http://h" + path)
                + "&"
                + PercentEncoding.encode(String.join("&", sorted)));
  }

  @Test
  void baseStringWhenMoreParametersThanABufferHoldsThenAll() {
    int count = 10_000;
    List<String> sorted = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sorted.add(String.format(Locale.ROOT, "%05d=", i));
    }
    List<String> shuffled = new ArrayList<>(sorted);
    Collections.shuffle(shuffled, new Random(count));
    byte[] form = String.join("&", shuffled).getBytes(StandardCharsets.US_ASCII);
    OAuthLimits limits = new OAuthLimits(0, 0, 0, form.length, count);

    assertThat(OAuthMessage.parse(List.of(), null, form, limits).baseString("GET", "http://h/"))
        .isEqualTo("GET&http%3A%2F%2Fh%2F&" + PercentEncoding.encode(String.join("&", sorted)));
  }

  /** A buffer starts with 2048 bytes, once one that grew beyond what is kept was let go. */
  @ParameterizedTest
  @ValueSource(ints = {2043, 2044, 2045, 2046, 2047, 2048, 2049, 2050})
  void parseWhenNameOrValueJustFillsTheBufferThenWhole(int length) {
    String escapes = "%20".repeat(length / 3);
    String letters = "a".repeat(length % 3);
    for (String text : List.of(letters + escapes, escapes + letters, "%20" + "a".repeat(length))) {
      for (String form : List.of(text + "=b", "b=" + text, text)) {
        baseString(null, "a=" + "%20".repeat(60_000));
        OAuthMessage message =
            OAuthMessage.parse(List.of(), null, form.getBytes(StandardCharsets.US_ASCII));
        String parameter = message.parameters().get(0).name() + message.parameters().get(0).value();

        assertThat(PercentEncoding.encode(parameter)).isEqualTo(form.replace("=", ""));
      }
    }
  }

  @Test
  void parseWhenFormHasRawUtf8ThenAsEncoded() {
    byte[] form = "a=\u00e9".getBytes(StandardCharsets.UTF_8);

    assertThat(OAuthMessage.parse(List.of(), null, form).baseString("POST", "http://h/"))
        .isEqualTo("POST&http%3A%2F%2Fh%2F&a%3D%25C3%25A9");
  }

  @Test
  void parseWhenQueryIsNotAsciiThenRefuses() {
    assertThatThrownBy(() -> baseString("a=\u00e9", null))
        .isInstanceOf(OAuthProblemException.class)
        .hasMessageContaining("outside ASCII");
    assertThatThrownBy(() -> baseString("a=\u0141", null))
        .isInstanceOf(OAuthProblemException.class)
        .hasMessageContaining("outside ASCII");
  }

  @Test
  void baseStringWhenParametersInAllPlacesThenMerged() {
    OAuthMessage message =
        OAuthMessage.parse(
            List.of("OAuth realm=\"r\", b=\"2\", a=\"2+%2B\""),
            "b=1&c",
            "b=3&a=1".getBytes(StandardCharsets.US_ASCII));

    assertThat(message.baseString("put", "http://h/"))
        .isEqualTo(
            "PUT&http%3A%2F%2Fh%2F&" + PercentEncoding.encode("a=1&a=2%2B%2B&b=1&b=2&b=3&c="));
  }

  private static String baseString(@Nullable String query, @Nullable String form) {
    return OAuthMessage.parse(
            List.of(), query, form == null ? null : form.getBytes(StandardCharsets.US_ASCII))
        .baseString("POST", "http://h/");
  }
}
