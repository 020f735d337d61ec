package dev.onbehalf.server.relay;

import dev.onbehalf.delivery.DataType;
import dev.onbehalf.delivery.Secret;
import dev.onbehalf.delivery.rules.EventRules;
import dev.onbehalf.delivery.send.Site;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the administrator wrote in the delivery file, checked.
 *
 * @param sites the sites by the names they have in URLs, in the order of the file
 * @param agents who may send
 * @param events the automatic mode, null where there is none
 */
record RelaySettings(Map<String, Site> sites, List<Agent> agents, @Nullable Events events) {
  RelaySettings {
    sites = new LinkedHashMap<>(sites);
    agents = List.copyOf(agents);
  }

  /**
   * A sender that holds no credential of Jira.
   *
   * @param id its client id
   * @param secret its client secret
   * @param sites the names of the sites it may send to
   * @param types the kinds of data it may send
   */
  record Agent(String id, Secret secret, Set<String> sites, Set<DataType> types) {
    Agent {
      sites = Set.copyOf(sites);
      types = Set.copyOf(types);
    }
  }

  /**
   * The automatic mode.
   *
   * @param secret what CI servers show
   * @param sites the names of the sites that are told
   * @param rules which events become reports
   */
  record Events(Secret secret, List<String> sites, EventRules rules) {
    Events {
      sites = List.copyOf(sites);
    }
  }
}
