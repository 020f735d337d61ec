package dev.onbehalf.oauth1;

import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BaseStringAgainstReferenceTest {
  private static final String[] PIECES = {
    "a",
    "b",
    "aa",
    "ab",
    "a-b",
    "a.b",
    "a_b",
    "z",
    "A",
    "0",
    "oauth_nonce",
    "oauth_token",
    "x",
    "oauth_signature",
    "realm",
    "%20",
    "%2B",
    "%2b",
    "%41",
    "%7E",
    "~",
    "+",
    "*",
    "'",
    "(",
    ")",
    "!",
    "%C3%A9",
    "%c3%a9",
    "%E2%82%AC",
    "%F0%9F%98%80",
    "%00",
    "%0A",
    "%25",
    "%26",
    "%3D",
    "/",
    "?",
    ":",
    "@",
    "-",
    ".",
    "_",
    ";",
    ",",
    "abcdefghijk",
    "abcdefghijl"
  };
  private static final String[] ODD_PIECES = {
    "%", "%4", "%zz", "%FF", "%C3", "\"", " ", "\\", "\t"
  };
  private static final String[] URLS = {
    "http://example.com",
    "http://EXAMPLE.com:80/",
    "https://Example.COM:443/a%2Fb/",
    "https://example.com:8443/job/a%252Fb/",
    "https://example.com:80/x;y=1/~u",
    "http://[::1]:8080/A+b",
    "http://127.0.0.1/%c3%a9"
  };

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void baseStringWhenInputIsRandomThenAsTheReference(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 600; round++) {
      boolean odd = random.nextInt(4) == 0;
      String header = random.nextInt(4) == 0 ? null : header(random, odd);
      String query = random.nextInt(4) == 0 ? null : form(random, odd, random.nextInt(8));
      String form = form(random, odd, random.nextInt(random.nextInt(20) == 0 ? 200 : 8));
      String url = URLS[random.nextInt(URLS.length)];

      Differential.check(url, header, query, form);
    }
  }

  private static String header(RandomGenerator random, boolean odd) {
    StringBuilder header = new StringBuilder("OAuth ");
    int count = random.nextInt(10);
    for (int i = 0; i < count; i++) {
      header.append(i == 0 ? "" : random.nextBoolean() ? ", " : " ,\t");
      header.append(random.nextInt(5) == 0 ? "Realm" : "n" + i);
      header.append(random.nextInt(9) == 0 ? " = " : "=");
      header.append('"').append(text(random, odd, 4).replace("\"", "")).append('"');
      if (odd && random.nextInt(20) == 0) {
        header.append(ODD_PIECES[random.nextInt(ODD_PIECES.length)]);
      }
    }
    return header.toString();
  }

  private static String form(RandomGenerator random, boolean odd, int count) {
    StringBuilder form = new StringBuilder();
    for (int i = 0; i < count; i++) {
      form.append(i == 0 ? "" : random.nextInt(9) == 0 ? "&&" : "&");
      form.append(text(random, odd, 3));
      if (random.nextInt(5) > 0) {
        form.append('=').append(text(random, odd, 5));
      }
    }
    return form.toString();
  }

  private static String text(RandomGenerator random, boolean odd, int most) {
    StringBuilder text = new StringBuilder();
    int count = random.nextInt(most + 1);
    for (int i = 0; i < count; i++) {
      boolean oddPiece = odd && random.nextInt(30) == 0;
      String[] from = oddPiece ? ODD_PIECES : PIECES;
      text.append(from[random.nextInt(from.length)]);
    }
    return text.toString();
  }
}
