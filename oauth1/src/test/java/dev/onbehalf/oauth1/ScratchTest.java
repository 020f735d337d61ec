package dev.onbehalf.oauth1;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScratchTest {
  private static final int KEPT = 64 * 1024;

  @Test
  void acquireWhenReleasedThenTheSameAgainAndNeverTwiceAtOnce() {
    Scratch first = Scratch.acquire();
    Scratch second = Scratch.acquire();

    assertThat(second).isNotNull().isNotSameAs(first);
    second.release();
    assertThat(Scratch.acquire()).isSameAs(second);
  }

  @Test
  void acquireWhenThereAreMoreThreadsThanSlotsThenEachHasItsOwn() throws InterruptedException {
    ConcurrentLinkedQueue<Scratch> acquired = new ConcurrentLinkedQueue<>();
    for (int i = 0; i < 200; i++) {
      Thread thread = new Thread(() -> acquired.add(Scratch.acquire()));
      thread.start();
      thread.join();
    }

    assertThat(acquired).hasSize(200).doesNotHaveDuplicates();
  }

  @Test
  void releaseWhenBuffersAreLargeThenTheyAreLetGo() {
    Scratch scratch = Scratch.acquire();
    byte[] input = new byte[KEPT];
    byte[] output = new byte[KEPT];
    int[] order = new int[KEPT / 4];
    scratch.input = input;
    scratch.output = output;
    scratch.order = order;
    scratch.release();

    assertThat(scratch.input).isSameAs(input);
    assertThat(scratch.output).isSameAs(output);
    assertThat(scratch.order).isSameAs(order);

    scratch.input(KEPT + 1);
    scratch.output(KEPT + 1);
    scratch.order(KEPT / 4 + 1);
    scratch.release();

    assertThat(scratch.input).hasSizeLessThan(KEPT);
    assertThat(scratch.output).hasSizeLessThan(KEPT);
    assertThat(scratch.order).hasSizeLessThan(KEPT / 4);
  }

  @Test
  void roomWhenThereIsEnoughThenTheSameElseAtLeastTwiceAsMuchWithWhatWasThere() {
    Scratch scratch = Scratch.acquire();
    byte[] input = scratch.input;
    byte[] output = scratch.output;
    int[] order = scratch.order;
    output[0] = 1;
    order[0] = 1;

    assertThat(scratch.input(input.length)).isSameAs(input);
    assertThat(scratch.output(output.length)).isSameAs(output);
    assertThat(scratch.order(order.length)).isSameAs(order);
    assertThat(scratch.merge(100)).isSameAs(scratch.merge(100)).hasSizeGreaterThanOrEqualTo(100);
    assertThat(scratch.output(output.length + 1)).hasSize(2 * output.length).startsWith(1);
    assertThat(scratch.order(order.length + 1)).hasSize(2 * order.length).startsWith(1);
    scratch.release();
  }

  @ParameterizedTest
  @EnumSource
  void digestForWhenItWasLeftHalfwayThenStartsAnew(SignatureMethod method) throws Exception {
    Scratch first = Scratch.acquire();
    Scratch scratch = Scratch.acquire();
    scratch.digestFor(method).update((byte) 1);

    assertThat(scratch.digestFor(method).digest())
        .isEqualTo(MessageDigest.getInstance(method.digestAlgorithm()).digest());
    scratch.release();
    first.release();
  }
}
