package dev.onbehalf.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.wire.StubUpstream;
import dev.onbehalf.server.wire.Wire;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code docs/threat-model.md} attack 18, slow bodies. */
class SlowBodyTest {
  private static final int PIECES = 40;
  private static final int ENDED = -1;
  private final LinkedBlockingQueue<Integer> passed = new LinkedBlockingQueue<>();
  private StubUpstream upstream;
  private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @BeforeEach
  void open() throws IOException {
    upstream = new StubUpstream();
    upstream.leaveBodies();
    upstream.script(
        (request, wire) -> {
          int read;
          do {
            read = wire.read();
            if (read == 'x' || read == ENDED) {
              passed.add(read);
            }
          } while (read >= 0);
          return null;
        });
  }

  @AfterEach
  void close() throws IOException {
    upstream.close();
  }

  @ParameterizedTest
  @CsvSource({
    "Content-Length: 100000, x, 20, true",
    "Transfer-Encoding: chunked, '1\r\nx\r\n', 20, true",
    "Transfer-Encoding: chunked, '7\r\n123456x\r\n', 3, false",
  })
  void postWhenBodyTricklesThenTimeout(
      String framing, String piece, int secondsApart, boolean refused) throws Exception {
    Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
    try (TestGateway gateway = TestGateway.in(upstream).clock(clock).start();
        Wire wire = new Wire(gateway.port())) {
      wire.send(Wire.request("POST", "/", framing));
      boolean ended = false;
      for (int i = 0; i < PIECES && !ended; i++) {
        wire.send(piece.replace("\\r\\n", "\r\n"));
        ended = passed() == ENDED;
        now = now.plusSeconds(secondsApart);
      }
      assertThat(ended).isEqualTo(refused);
      if (refused) {
        Wire.Message answer = wire.answer();
        assertThat(answer.status()).isEqualTo(408);
        assertThat(answer.header("Connection")).contains("close");
        assertThat(wire.head()).isEmpty();
      }
    }
  }

  /** Waits until the upstream got the next piece, or the end. */
  private int passed() throws InterruptedException {
    Integer next = passed.poll(60, TimeUnit.SECONDS);
    assertThat(next).isNotNull();
    return next;
  }
}
