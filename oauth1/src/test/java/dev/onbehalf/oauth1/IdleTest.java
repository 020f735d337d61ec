package dev.onbehalf.oauth1;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class IdleTest {
  @Test
  void takeWhenManyWereGivenBackThenSixteenAreUsedAgain() throws Exception {
    AtomicInteger made = new AtomicInteger();
    Idle<Integer> idle = new Idle<>(made::incrementAndGet);
    for (int round = 1; round <= 3; round++) {
      List<Integer> taken = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        taken.add(idle.take());
      }
      assertThat(taken).doesNotHaveDuplicates();
      assertThat(made).hasValue(20 + 4 * (round - 1));
      taken.forEach(idle::give);
    }
  }
}
