package dev.onbehalf.acceptance.peers;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SecretsTest {
  private static final String VALUE = Secrets.made("example", "an example & no real secret");

  @TempDir Path directory;

  @Test
  void assertAbsentWhenAFileHoldsASecretThenItIsNamedAndNotShown() throws IOException {
    Path file = directory.resolve("some.db");
    Files.write(file, ("\0\u00ff" + VALUE + "\0").getBytes(StandardCharsets.ISO_8859_1));

    assertThatThrownBy(() -> Secrets.assertAbsent(directory, Set.of()))
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll("example", "some.db")
        .hasMessageNotContaining(VALUE);
    assertThatCode(() -> Secrets.assertAbsent(directory, Set.of("some.db")))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "an example & no real secret",
        "s=an+example+%26+no+real+secret",
        "s=an%20example%20%26%20no%20real%20secret",
      })
  void assertAbsentWhenALogHoldsItEncodedThenFound(String text) {
    assertFound(text);
    assertFound(text + "; and more");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "k", "ke", "key", "key:", "a client's key:"})
  void assertAbsentWhenALogHoldsItInBase64ThenFound(String before) {
    byte[] bytes = (before + VALUE).getBytes(StandardCharsets.UTF_8);
    byte[] longer = (before + VALUE + "\u00fe\u00ff?").getBytes(StandardCharsets.UTF_8);
    for (byte[] encoded : List.of(bytes, longer)) {
      assertFound("Basic " + Base64.getEncoder().encodeToString(encoded));
      assertFound("Basic " + Base64.getUrlEncoder().withoutPadding().encodeToString(encoded));
    }
  }

  @Test
  void assertAbsentWhenSecretNeedsEscapesThenFoundInBothCases() {
    Secrets.made("another", "another=example/~*??>>\u00ff");
    assertFound("another%3Dexample%2F~%2A%3F%3F%3E%3E%C3%BF");
    assertFound("another%3dexample%2f~%2a%3f%3f%3e%3e%c3%bf");
    assertFound("another%3Dexample%2F%7E*%3F%3F%3E%3E%C3%BF");
    assertFound("YW5vdGhlcj1leGFtcGxlL34qPz8-PsO_");
    assertFound("YW5vdGhlcj1leGFtcGxlL34qPz8+PsO/");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "an example", "an example & no real secre", "n example & no real"})
  void assertAbsentWhenOnlyAPartIsThereThenPasses(String text) {
    assertThatCode(() -> Secrets.assertAbsent("the log", text)).doesNotThrowAnyException();
  }

  private static void assertFound(String text) {
    assertThatThrownBy(() -> Secrets.assertAbsent("the log", text))
        .as(text)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("the log");
  }
}
