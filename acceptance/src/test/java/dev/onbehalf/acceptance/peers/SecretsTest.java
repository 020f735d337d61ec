package dev.onbehalf.acceptance.peers;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  @Test
  void assertAbsentWhenALogHoldsItEncodedThenFound() {
    assertThatThrownBy(
            () -> Secrets.assertAbsent("the log", "GET /?s=an+example+%26+no+real+secret"))
        .hasMessageContaining("the log");
  }
}
