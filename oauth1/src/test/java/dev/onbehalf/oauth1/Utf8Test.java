package dev.onbehalf.oauth1;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8Test {
  /** Both sides of every border in the grammar of RFC 3629. */
  private static final byte[] BORDERS =
      HexFormat.of().parseHex("7f808f909fa0bfc0c1c2dfe0e1ecedeeeff0f1f3f4f5");

  private static final CharsetDecoder DECODER = StandardCharsets.UTF_8.newDecoder();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  void isWellFormedWhenBordersAreCombinedThenAsTheJdk(int length) {
    byte[] text = new byte[length];
    long combinations = Math.round(Math.pow(BORDERS.length, length));
    for (long combination = 0; combination < combinations; combination++) {
      long rest = combination;
      for (int i = 0; i < length; i++) {
        text[i] = BORDERS[(int) (rest % BORDERS.length)];
        rest /= BORDERS.length;
      }
      if (isWellFormed(text) != decodes(text)) {
        assertThat(isWellFormed(text)).as(HexFormat.of().formatHex(text)).isEqualTo(decodes(text));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "\u00e9a\u20ac", "\ud83d\ude00\ud83d\ude00"})
  void isWellFormedWhenCutAnywhereThenAsTheJdk(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int length = 0; length <= bytes.length; length++) {
      byte[] front = Arrays.copyOf(bytes, length);

      assertThat(isWellFormed(front)).isEqualTo(decodes(front));
    }
  }

  private static boolean isWellFormed(byte[] text) {
    Utf8 utf8 = new Utf8();
    for (byte b : text) {
      if (b >= 'a') {
        utf8.ascii();
      } else {
        utf8.next(b & 0xFF);
      }
    }
    utf8.ascii();
    return utf8.isWellFormed();
  }

  private static boolean decodes(byte[] text) {
    try {
      DECODER.decode(ByteBuffer.wrap(text));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
