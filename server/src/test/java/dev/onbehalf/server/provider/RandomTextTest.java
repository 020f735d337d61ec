package dev.onbehalf.server.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class RandomTextTest {

  @DisplayName("27: random texts have the exact length and only digits and letters")
  @Test
  void ofLengthWhenZeroToTwoThousandThenExactAndInTheAlphabet() {
    for (int length = 0; length < 2000; length += length < 200 ? 1 : 97) {
      assertThat(RandomText.ofLength(length)).hasSize(length).matches("[0-9A-Za-z]*");
    }
    assertThatIllegalArgumentException().isThrownBy(() -> RandomText.ofLength(-1));
    assertThat(RandomText.ofLength(32)).isNotEqualTo(RandomText.ofLength(32));
  }

  @Test
  void typedWhenReadAloudThenNoCharacterIsLikeAnother() {
    for (int i = 0; i < 200; i++) {
      assertThat(RandomText.typed(10)).hasSize(10).matches("[2-9A-HJ-NP-Z]*");
    }
  }
}
