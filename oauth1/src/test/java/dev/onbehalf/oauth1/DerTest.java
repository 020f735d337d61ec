package dev.onbehalf.oauth1;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The lengths of DER: X.690 8.1.3 and 10.1. */
class DerTest {
  private static final int ALGORITHM_BYTES = 15;
  private static final int VERSION_BYTES = 3;

  @ParameterizedTest
  @ValueSource(
      ints = {0, 1, 107, 108, 109, 126, 127, 128, 129, 233, 254, 255, 256, 257, 65_535, 65_536})
  void wrapWhenOfAnyLengthThenEveryLengthIsTheShortestThatFits(int length) {
    byte[] key = new byte[length];
    Arrays.fill(key, (byte) 7);

    ByteBuffer info = ByteBuffer.wrap(Der.privateKeyInfo(key));
    assertThat(element(info, 0x30)).isEqualTo(info.remaining());
    info.position(info.position() + VERSION_BYTES + ALGORITHM_BYTES);
    assertThat(element(info, 4)).isEqualTo(length).isEqualTo(info.remaining());
    assertThat(rest(info)).isEqualTo(key);

    info = ByteBuffer.wrap(Der.subjectPublicKeyInfo(key));
    assertThat(element(info, 0x30)).isEqualTo(info.remaining());
    info.position(info.position() + ALGORITHM_BYTES);
    assertThat(element(info, 3)).isEqualTo(length + 1).isEqualTo(info.remaining());
    assertThat(info.get()).isZero();
    assertThat(rest(info)).isEqualTo(key);
  }

  private static int element(ByteBuffer in, int tag) {
    assertThat(in.get()).isEqualTo((byte) tag);
    int first = in.get() & 0xFF;
    if (first < 128) {
      return first;
    }
    int length = 0;
    for (int i = 128; i < first; i++) {
      int next = in.get() & 0xFF;
      assertThat(length + next).as("no leading zero").isPositive();
      length = length << 8 | next;
    }
    assertThat(length).as("long form only where needed").isGreaterThan(127);
    return length;
  }

  private static byte[] rest(ByteBuffer in) {
    byte[] rest = new byte[in.remaining()];
    in.get(rest);
    return rest;
  }
}
