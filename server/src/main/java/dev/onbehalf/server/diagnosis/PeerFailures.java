package dev.onbehalf.server.diagnosis;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;

/** Says in words why a peer could not be asked. */
final class PeerFailures {
  private PeerFailures() {}

  static String words(IOException failure) {
    if (failure instanceof UnknownHostException) {
      return "its name does not resolve";
    }
    if (failure instanceof ConnectException) {
      return "nothing listens there";
    }
    if (failure instanceof NoRouteToHostException) {
      return "no route leads there";
    }
    if (failure instanceof SocketTimeoutException) {
      return "it does not answer in time";
    }
    return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
  }
}
