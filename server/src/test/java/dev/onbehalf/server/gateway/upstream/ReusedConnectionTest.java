package dev.onbehalf.server.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Whose answer is whose where a kept connection ends while a request is put on it. The end points
 * are in memory, so that one thread can play the steps of two in every order.
 */
class ReusedConnectionTest {
  private final List<Wire> wires = new ArrayList<>();
  private final ManagedSelector loop = new ManagedSelector(new Selectors(), 0);
  private final UpstreamClient client =
      new UpstreamClient(
          false,
          "127.0.0.1",
          1,
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          8 * 1024,
          this::connect,
          Runnable::run,
          new ArrayByteBufferPool());
  private boolean holding;

  private void connect(InetSocketAddress address, Loops.Attempt attempt) {
    Wire wire = new Wire(holding);
    wires.add(wire);
    try {
      Connection connection = attempt.opened(wire, loop);
      wire.setConnection(connection);
      connection.onOpen();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Told send(String target) {
    Told told = new Told();
    client.send(
        new UpstreamRequest("GET", target, HttpFields.EMPTY, null, 0, null, true), told, loop);
    return told;
  }

  private static String answer(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  @Test
  void sendWhenTheKeptConnectionEndsBeforeItsWriteIsKnownToBeDoneThenEachGetsItsOwnAnswer() {
    Told first = send("/first");
    wires.get(0).addInputAndExecute(answer("first"));
    assertThat(first.body()).isEqualTo("first");

    holding = true;
    wires.get(0).holding = true;
    Told repeated = send("/repeated");
    assertThat(wires).hasSize(1);
    wires.get(0).addInputEOF();
    wires.get(0).runFillable();
    assertThat(wires).hasSize(2);
    wires.get(0).release();
    wires.get(1).release();

    holding = false;
    Told other = send("/other");
    wires.get(1).addInputAndExecute(answer("repeated"));
    wires.get(2).addInputAndExecute(answer("other"));

    assertThat(repeated.body()).isEqualTo("repeated");
    assertThat(other.body()).isEqualTo("other");
  }

  @Test
  void sendWhenTheAnswerComesBeforeItsWriteIsKnownToBeDoneThenTheConnectionIsNotTaken() {
    holding = true;
    Told early = send("/early");
    wires.get(0).addInputAndExecute(answer("early"));
    assertThat(early.body()).isEqualTo("early");

    holding = false;
    send("/next");
    assertThat(wires).hasSize(2);
    wires.get(0).release();
    send("/last");
    assertThat(wires).hasSize(2);
  }

  /** What a request was answered. */
  private static final class Told implements UpstreamListener {
    private @Nullable UpstreamResponse response;
    private @Nullable UpstreamException failure;

    @Override
    public void onResponse(UpstreamResponse answer) {
      response = answer;
    }

    @Override
    public void onFailure(UpstreamException why) {
      failure = why;
    }

    String body() {
      assertThat(failure).isNull();
      UpstreamResponse answer = response;
      assertThat(answer).isNotNull();
      StringBuilder text = new StringBuilder();
      if (answer != null) {
        Content.Chunk chunk = answer.read();
        while (chunk != null && !chunk.isLast()) {
          text.append(taken(chunk));
          chunk = answer.read();
        }
        if (chunk != null) {
          text.append(taken(chunk));
        }
      }
      return text.toString();
    }

    private static String taken(Content.Chunk chunk) {
      byte[] bytes = new byte[chunk.remaining()];
      chunk.getByteBuffer().get(bytes);
      chunk.release();
      return new String(bytes, StandardCharsets.US_ASCII);
    }
  }

  /** An end point that can put off telling that a write is done. */
  private static final class Wire extends ByteArrayEndPoint {
    private final List<Callback> held = new ArrayList<>();
    private boolean holding;

    Wire(boolean holding) {
      super(new byte[0], 4096);
      this.holding = holding;
    }

    @Override
    public void write(Callback callback, ByteBuffer... buffers) {
      if (holding) {
        held.add(callback);
        super.write(Callback.NOOP, buffers);
      } else {
        super.write(callback, buffers);
      }
    }

    @Override
    protected void execute(Runnable task) {
      task.run();
    }

    void runFillable() {
      getFillInterest().fillable();
    }

    void release() {
      holding = false;
      held.forEach(Callback::succeeded);
      held.clear();
    }
  }

  /** Only there because a loop needs one. */
  private static final class Selectors extends SelectorManager {
    Selectors() {
      super(new QueuedThreadPool(), null);
    }

    @Override
    protected EndPoint newEndPoint(
        SelectableChannel channel, ManagedSelector selector, SelectionKey key) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Connection newConnection(
        SelectableChannel channel, EndPoint endPoint, @Nullable Object attachment) {
      throw new UnsupportedOperationException();
    }
  }
}
