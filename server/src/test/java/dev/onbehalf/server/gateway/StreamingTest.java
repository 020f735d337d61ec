package dev.onbehalf.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.wire.StubUpstream;
import dev.onbehalf.server.wire.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code docs/threat-model.md} attack 18: what streams is never held in memory. */
class StreamingTest {
  /** More than all socket buffers between client and upstream together. */
  private static final int LARGE = 192 * 1024 * 1024;

  private static final int PIECE = 64 * 1024;
  private StubUpstream upstream;

  @BeforeEach
  void open() throws IOException {
    upstream = new StubUpstream();
  }

  @AfterEach
  void close() throws IOException {
    upstream.close();
  }

  private static byte[] piece() {
    byte[] piece = new byte[PIECE];
    for (int i = 0; i < PIECE; i++) {
      piece[i] = (byte) (i * 31);
    }
    return piece;
  }

  private static long readAll(InputStream in, long length) throws IOException {
    byte[] expected = piece();
    byte[] buffer = new byte[PIECE];
    long read = 0;
    while (read < length) {
      int count = in.readNBytes(buffer, 0, PIECE);
      assertThat(Arrays.equals(buffer, 0, count, expected, 0, count)).isTrue();
      if (count < PIECE) {
        return read + count;
      }
      read += count;
    }
    return read;
  }

  private static void writeAll(OutputStream out, long length, AtomicLong written)
      throws IOException {
    byte[] piece = piece();
    for (long i = 0; i < length; i += PIECE) {
      out.write(piece);
      written.addAndGet(PIECE);
    }
    out.flush();
  }

  @Test
  void postWhenBodyIsLargeThenArrivesWhole() throws Exception {
    upstream.leaveBodies();
    CompletableFuture<Long> received = new CompletableFuture<>();
    upstream.script(
        (request, wire) -> {
          received.complete(readAll(wire.socket().getInputStream(), LARGE));
          return StubUpstream.ok("thanks");
        });
    try (TestGateway gateway = TestGateway.in(upstream).start();
        Wire wire = new Wire(gateway.port())) {
      wire.send(Wire.request("POST", "/", "Content-Length: " + LARGE));
      writeAll(wire.socket().getOutputStream(), LARGE, new AtomicLong());
      assertThat(wire.answer().body()).isEqualTo("thanks");
      assertThat(received.get()).isEqualTo(LARGE);
    }
  }

  @Test
  void postWhenUpstreamDoesNotReadThenClientIsHeldBack() throws Exception {
    upstream.leaveBodies();
    CountDownLatch go = new CountDownLatch(1);
    upstream.script(
        (request, wire) -> {
          await(go);
          readAll(wire.socket().getInputStream(), LARGE);
          return StubUpstream.ok("thanks");
        });
    AtomicLong written = new AtomicLong();
    try (TestGateway gateway = TestGateway.in(upstream).start();
        Wire wire = new Wire(gateway.port())) {
      wire.send(Wire.request("POST", "/", "Content-Length: " + LARGE));
      CompletableFuture<Void> writer =
          CompletableFuture.runAsync(
              () -> {
                try {
                  writeAll(wire.socket().getOutputStream(), LARGE, written);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      assertThat(settled(written)).isLessThan(LARGE / 2);
      go.countDown();
      writer.get(60, TimeUnit.SECONDS);
      assertThat(wire.answer().body()).isEqualTo("thanks");
    }
  }

  @Test
  void getWhenClientDoesNotReadThenUpstreamIsHeldBack() throws Exception {
    AtomicLong written = new AtomicLong();
    upstream.script(
        (request, wire) -> {
          wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + LARGE + "\r\n\r\n");
          writeAll(wire.socket().getOutputStream(), LARGE, written);
          return null;
        });
    try (TestGateway gateway = TestGateway.in(upstream).start();
        Wire wire = new Wire(gateway.port())) {
      wire.send(Wire.request("GET", "/"));
      assertThat(settled(written)).isLessThan(LARGE / 2);
      assertThat(wire.head()).isPresent();
      assertThat(readAll(wire.socket().getInputStream(), LARGE)).isEqualTo(LARGE);
    }
  }

  @Test
  void getWhenAnswerIsEndlessAndClientLeavesThenUpstreamIsLeft() throws Exception {
    CompletableFuture<Boolean> ended = new CompletableFuture<>();
    upstream.script(
        (request, wire) -> {
          wire.send("HTTP/1.1 200 OK\r\n\r\n");
          try {
            writeAll(wire.socket().getOutputStream(), Long.MAX_VALUE - PIECE, new AtomicLong());
          } catch (IOException e) {
            ended.complete(true);
          }
          return null;
        });
    try (TestGateway gateway = TestGateway.in(upstream).start()) {
      try (Wire wire = new Wire(gateway.port())) {
        wire.send(Wire.request("GET", "/"));
        assertThat(wire.head()).isPresent();
      }
      assertThat(ended.get(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void postWhenClientLeavesInTheMiddleThenUpstreamSeesNoWholeBody() throws Exception {
    upstream.leaveBodies();
    CompletableFuture<Integer> received = new CompletableFuture<>();
    upstream.script(
        (request, wire) -> {
          int count = 0;
          try {
            while (wire.read() >= 0) {
              count++;
            }
          } catch (IOException e) {
            count = -1;
          }
          received.complete(count);
          return null;
        });
    try (TestGateway gateway = TestGateway.in(upstream).start()) {
      try (Wire wire = new Wire(gateway.port())) {
        wire.send(Wire.request("POST", "/", "Content-Length: 1000") + "begin");
      }
      assertThat(received.get(60, TimeUnit.SECONDS)).isLessThan(1000);
    }
  }

  @Test
  void getWhenAnswerHasPausesThenPiecesArriveAsTheyCome() throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    upstream.script(
        (request, wire) -> {
          wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
          await(first);
          return "3\r\ntwo\r\n0\r\n\r\n";
        });
    try (TestGateway gateway = TestGateway.in(upstream).start();
        Wire wire = new Wire(gateway.port())) {
      wire.send(Wire.request("GET", "/"));
      assertThat(wire.head()).isPresent();
      StringBuilder seen = new StringBuilder();
      while (!seen.toString().contains("one")) {
        seen.append((char) wire.read());
      }
      first.countDown();
      while (!seen.toString().contains("two")) {
        seen.append((char) wire.read());
      }
    }
  }

  @Test
  void headWhenLengthIsGivenThenItArrivesWithoutABody() throws IOException {
    upstream.answers("HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n");
    try (TestGateway gateway = TestGateway.in(upstream).start();
        Wire wire = new Wire(gateway.port())) {
      for (int i = 0; i < 3; i++) {
        wire.send(Wire.request("HEAD", "/"));
        assertThat(wire.answerToHead().header("Content-Length")).contains("12345");
      }
    }
  }

  /** Returns the count once it has stood still for a while. */
  private static long settled(AtomicLong count) throws InterruptedException {
    long before = -1;
    int still = 0;
    while (still < 5) {
      TimeUnit.MILLISECONDS.sleep(100);
      long now = count.get();
      still = now == before && now > 0 ? still + 1 : 0;
      before = now;
    }
    return before;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
