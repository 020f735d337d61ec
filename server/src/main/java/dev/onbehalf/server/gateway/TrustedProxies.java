package dev.onbehalf.server.gateway;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/**
 * The proxies in front whose {@code X-Forwarded-For}, {@code Forwarded} (RFC 7239) and {@code
 * X-Forwarded-Host} count. An empty list trusts nobody.
 */
final class TrustedProxies {
  private static final Pattern V4 = Pattern.compile("[0-9]{1,3}(?:\\.[0-9]{1,3}){3}");
  private static final Pattern V6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");
  private static final int MAX_HOPS = 64;

  private final List<Block> blocks;

  @SuppressWarnings("ArrayRecordComponent")
  private record Block(byte[] address, int prefixBits) {
    boolean contains(byte[] other) {
      if (other.length != address.length) {
        return false;
      }
      int whole = prefixBits / 8;
      for (int i = 0; i < whole; i++) {
        if (address[i] != other[i]) {
          return false;
        }
      }
      int rest = prefixBits % 8;
      return rest == 0 || ((address[whole] ^ other[whole]) & (0xFF << (8 - rest)) & 0xFF) == 0;
    }
  }

  /**
   * Reads addresses and CIDR blocks.
   *
   * @throws IllegalArgumentException with one sentence, if one is neither
   */
  TrustedProxies(List<String> texts) {
    List<Block> read = new ArrayList<>();
    for (String text : texts) {
      read.add(block(text.strip()));
    }
    blocks = List.copyOf(read);
  }

  boolean contains(@Nullable InetAddress peer) {
    if (peer == null || blocks.isEmpty()) {
      return false;
    }
    byte[] bytes = peer.getAddress();
    for (Block block : blocks) {
      if (block.contains(bytes)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Finds the client behind a trusted peer: the right-most address that is not a trusted proxy's.
   *
   * <p>A proxy writes one of the two headers and passes the other on as the client sent it; which
   * one cannot be known here. Where both are there and name different clients, neither counts.
   *
   * @return the peer itself where it is not trusted or names no one beyond doubt
   */
  InetAddress client(InetAddress peer, HttpFields headers) {
    if (!contains(peer)) {
      return peer;
    }
    List<String> plain = plainHops(headers);
    List<String> forwarded = forwardedHops(headers);
    if (forwarded.isEmpty()) {
      return client(peer, plain);
    }
    InetAddress named = client(peer, forwarded);
    return plain.isEmpty() || named.equals(client(peer, plain)) ? named : peer;
  }

  private InetAddress client(InetAddress peer, List<String> hops) {
    InetAddress current = peer;
    for (int i = hops.size() - 1; i >= 0 && hops.size() - i <= MAX_HOPS; i--) {
      InetAddress next = address(hops.get(i));
      if (next == null) {
        return current;
      }
      current = next;
      if (!contains(current)) {
        return current;
      }
    }
    return current;
  }

  private static List<String> plainHops(HttpFields headers) {
    List<String> hops = new ArrayList<>();
    for (String line : headers.getValuesList("X-Forwarded-For")) {
      Collections.addAll(hops, line.split(",", -1));
    }
    return hops;
  }

  private static List<String> forwardedHops(HttpFields headers) {
    List<String> hops = new ArrayList<>();
    for (String line : headers.getValuesList("Forwarded")) {
      for (String element : line.split(",", -1)) {
        hops.add(forwardedFor(element));
      }
    }
    return hops;
  }

  private static String forwardedFor(String element) {
    for (String pair : element.split(";", -1)) {
      String text = pair.strip();
      if (text.regionMatches(true, 0, "for=", 0, 4)) {
        return text.substring(4).strip().replace("\"", "");
      }
    }
    return "";
  }

  /** Reads an address literal with or without port; never asks a name server. */
  static @Nullable InetAddress address(String text) {
    String literal = text.strip();
    if (literal.startsWith("[")) {
      int end = literal.indexOf(']');
      if (end < 0) {
        return null;
      }
      literal = literal.substring(1, end);
    } else if (literal.indexOf(':') > 0 && literal.indexOf(':') == literal.lastIndexOf(':')) {
      literal = literal.substring(0, literal.indexOf(':'));
    }
    boolean v6 = literal.indexOf(':') >= 0 && V6.matcher(literal).matches();
    if (!v6 && !V4.matcher(literal).matches()) {
      return null;
    }
    try {
      return InetAddress.getByName(v6 ? "[" + literal + "]" : literal);
    } catch (UnknownHostException e) {
      return null;
    }
  }

  private static Block block(String text) {
    int slash = text.indexOf('/');
    InetAddress address = address(slash < 0 ? text : text.substring(0, slash));
    if (address == null) {
      throw fault(text, null);
    }
    byte[] bytes = address.getAddress();
    int bits = bytes.length * 8;
    if (slash >= 0) {
      try {
        bits = Integer.parseInt(text.substring(slash + 1));
      } catch (NumberFormatException e) {
        throw fault(text, e);
      }
    }
    if (bits < 0 || bits > bytes.length * 8) {
      throw fault(text, null);
    }
    return new Block(bytes, bits);
  }

  private static IllegalArgumentException fault(String text, @Nullable Throwable cause) {
    return new IllegalArgumentException(
        "The trusted proxy '"
            + text
            + "' is neither an address nor a CIDR block such as 10.0.0.0/8.",
        cause);
  }
}
