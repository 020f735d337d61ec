/** The pages of the receiving side for people and for those who administer it. */
@NullMarked
package dev.onbehalf.server.receive.page;

import org.jspecify.annotations.NullMarked;
