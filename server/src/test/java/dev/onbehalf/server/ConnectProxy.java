package dev.onbehalf.server;

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

/** An HTTP proxy (RFC 9110 section 9.3.6) that connects whatever it is asked for to one port. */
final class ConnectProxy implements AutoCloseable {
  private final ServerSocket listener;
  private final int target;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  private ConnectProxy(ServerSocket listener, int target) {
    this.listener = listener;
    this.target = target;
  }

  static ConnectProxy to(int target) throws IOException {
    ConnectProxy proxy =
        new ConnectProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), target);
    proxy.threads.execute(proxy::accept);
    return proxy;
  }

  int port() {
    return listener.getLocalPort();
  }

  /** What was asked for so far: hosts and ports. */
  List<String> asked() {
    return asked;
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        open.add(client);
        threads.execute(() -> serve(client));
      }
    } catch (IOException e) {
      // Closed.
      return;
    }
  }

  private void serve(Socket client) {
    try {
      String head = head(client.getInputStream());
      asked.add(head.split(" ", -1)[1]);
      Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
      open.add(server);
      client
          .getOutputStream()
          .write("HTTP/1.1 200 Connected\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      threads.execute(() -> copy(client, server));
      copy(server, client);
    } catch (IOException e) {
      close(client);
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("no request");
      }
      head.append((char) next);
    }
    return head.toString();
  }

  private static void copy(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[8192];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
        out.flush();
      }
    } catch (IOException e) {
      // One side went away; so does the other.
      close(from);
    }
    close(to);
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is of no use either way.
      return;
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    open.forEach(ConnectProxy::close);
    threads.shutdownNow();
  }
}
