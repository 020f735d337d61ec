package dev.onbehalf.server.people;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.config.PublicUrl;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReturnToTest {
  private static final Pattern ESCAPE = Pattern.compile("\\\\u([0-9a-f]{4})");

  static List<String> refused() {
    return lines("/return-to/refused.txt");
  }

  static List<String> accepted() {
    return lines("/return-to/accepted.txt").stream().filter(line -> !line.isEmpty()).toList();
  }

  private static List<String> lines(String resource) {
    try (InputStream in = ReturnToTest.class.getResourceAsStream(resource)) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines()
          .filter(line -> !line.startsWith("# "))
          .map(
              line ->
                  ESCAPE
                      .matcher(line)
                      .replaceAll(
                          found ->
                              java.util.regex.Matcher.quoteReplacement(
                                  String.valueOf((char) Integer.parseInt(found.group(1), 16)))))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("refused")
  void harmlessWhenItCouldLeadElsewhereThenRefused(String given) {
    assertThat(ReturnTo.harmless(given)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void harmlessWhenOwnPathThenKept(String given) {
    assertThat(ReturnTo.harmless(given)).hasValue(given);
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void harmlessWhenKeptThenStaysOnTheOrigin(String given) {
    PublicUrl url = PublicUrl.parse("https://ci.example.com/ci");
    String path = given.replaceAll("[|{}^`]", "x");

    URI target = URI.create(url.with(path)).normalize();

    assertThat(target.getAuthority()).isEqualTo("ci.example.com");
    assertThat(target.getRawPath()).startsWith("/ci/");
  }

  @Test
  void refusedWhenCountedThenCorpusIsWhole() {
    assertThat(refused()).hasSizeGreaterThan(150);
  }

  @Test
  void harmlessWhenTooLongThenRefused() {
    assertThat(ReturnTo.harmless("/" + "a".repeat(4095))).isPresent();
    assertThat(ReturnTo.harmless("/" + "a".repeat(4096))).isEmpty();
    assertThat(ReturnTo.harmless(null)).isEmpty();
  }
}
