package dev.onbehalf.server.receive;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;

/** Stands before a server and passes bytes on; holds the first deletion until something is done. */
final class Front implements AutoCloseable {
  private static final byte[] DELETION = "DELETE ".getBytes(StandardCharsets.US_ASCII);

  private final ServerSocket listener;
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicReference<Runnable> beforeDeletion = new AtomicReference<>(() -> {});
  private volatile int target;

  Front() throws IOException {
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  void passTo(int port) {
    target = port;
  }

  /** Has something done before the next deletion is passed on, once. */
  void beforeDeletion(Runnable action) {
    beforeDeletion.set(action);
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        open.addAll(List.of(client, server));
        threads.execute(() -> pass(client, server, true));
        threads.execute(() -> pass(server, client, false));
      }
    } catch (IOException e) {
      // It is closed.
    }
  }

  private void pass(Socket from, Socket to, boolean requests) {
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      byte[] bytes = new byte[64 * 1024];
      for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
        if (requests && begins(bytes, read)) {
          beforeDeletion.getAndSet(() -> {}).run();
        }
        out.write(bytes, 0, read);
        out.flush();
      }
    } catch (IOException e) {
      // One side has closed.
    }
  }

  private static boolean begins(byte[] bytes, int read) {
    return read >= DELETION.length
        && java.util.Arrays.equals(bytes, 0, DELETION.length, DELETION, 0, DELETION.length);
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : open) {
      socket.close();
    }
    threads.shutdownNow();
  }
}
