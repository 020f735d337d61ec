import java.io.IOException;
import java.nio.file.Path;
import java.security.Principal;
import java.util.EnumSet;
import javax.servlet.DispatcherType;
import javax.servlet.Filter;
import javax.servlet.FilterChain;
import javax.servlet.FilterConfig;
import javax.servlet.ServletException;
import javax.servlet.ServletRequest;
import javax.servlet.ServletResponse;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletRequestWrapper;
import org.eclipse.jetty.security.HashLoginService;
import org.eclipse.jetty.security.UserStore;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.servlet.FilterHolder;
import org.eclipse.jetty.webapp.WebAppContext;

/**
 * Serves Hudson 1.395 with the user taken from a request header, as Jenkins does behind a reverse
 * proxy. Compiled and run by {@code java} in a process of its own: it needs a servlet API that
 * nothing else here may see. Ends when its standard input does, so it never outlives a test.
 *
 * <p>Arguments: the unpacked war, the home directory, the user header, a header and a value that
 * every identified request must also carry ({@code -} and {@code -} where none is wanted).
 */
public final class HudsonLauncher {

  public static void main(String[] args) throws Exception {
    // XStream of 2010 chooses its object factory by this name and knows few others.
    System.setProperty("java.vm.vendor", "Sun Microsystems Inc.");
    System.setProperty("HUDSON_HOME", args[1]);
    System.setProperty("hudson.DNSMultiCast.disabled", "true");
    System.setProperty("hudson.udp", "0");

    Server server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    connector.setPort(0);
    server.addConnector(connector);

    WebAppContext context = new WebAppContext();
    context.setContextPath("/");
    context.setResourceBase(args[0]);
    context.setParentLoaderPriority(false);
    context.setTempDirectory(Path.of(args[1], "jetty").toFile());
    context.setThrowUnavailableOnStartupException(true);
    HashLoginService nobody = new HashLoginService("default");
    nobody.setUserStore(new UserStore());
    context.getSecurityHandler().setLoginService(nobody);
    context.addFilter(
        new FilterHolder(new UserHeaderFilter(args[2], args[3], args[4])),
        "/*",
        EnumSet.of(DispatcherType.REQUEST));
    server.setHandler(context);
    server.start();
    System.out.println("Hudson listens on port " + connector.getLocalPort());

    while (System.in.read() >= 0) {
      // Only the end of the stream matters.
    }
    Runtime.getRuntime().halt(0);
  }

  private static final class UserHeaderFilter implements Filter {
    private final String userHeader;
    private final String secretHeader;
    private final String secret;

    UserHeaderFilter(String userHeader, String secretHeader, String secret) {
      this.userHeader = userHeader;
      this.secretHeader = secretHeader;
      this.secret = secret;
    }

    @Override
    public void init(FilterConfig config) {}

    @Override
    public void destroy() {}

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
        throws IOException, ServletException {
      HttpServletRequest http = (HttpServletRequest) request;
      String user = http.getHeader(userHeader);
      boolean trusted = secretHeader.equals("-") || secret.equals(http.getHeader(secretHeader));
      chain.doFilter(user == null || !trusted ? request : new As(http, user), response);
    }
  }

  private static final class As extends HttpServletRequestWrapper {
    private final String user;

    As(HttpServletRequest request, String user) {
      super(request);
      this.user = user;
    }

    @Override
    public String getRemoteUser() {
      return user;
    }

    @Override
    public Principal getUserPrincipal() {
      return () -> user;
    }

    @Override
    public boolean isUserInRole(String role) {
      return false;
    }
  }
}
