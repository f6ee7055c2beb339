// Package web owns everything that a browser asks the server for: pages, the SDK's
// files and the way to the sockets. It decides who may connect by origin, and how
// files travel; it keeps no state of calls.
//
// Locking: files never change while the server runs (but with Config.Dev), their
// entity tags and policies are kept in concurrent maps; origins that were refused have a mutex.
//
// # Threats
//
// What a server on the internet has to expect, what stands against it, and the tests that
// show that it stands. TestThreats checks that there is such a test for each.
//
// Who is let in:
//
//   - A stranger without a token: from the first app on nobody logs in without one, and a
//     server that others reach does not start open by mistake (TestAdmit,
//     TestAdmitFollowsTheApps, TestRequestsNeedALogin, TestOpenServerNeedsTheFlag, TestTokens).
//   - A forged or altered token: sealed by AES, and every failure looks the same (TestAltered,
//     TestVectors, FuzzVerify).
//   - A token of another user, room or app: it names its own (TestAdmit, TestPassOfToken).
//   - A stolen token: it is good for its user alone until it expires, and who uses it puts its
//     owner out, who sees that (TestSecondLogin, TestAdmit).
//   - A token of an app that was deleted: its users are removed (TestAppsOfARunningServer,
//     TestDeletedAppEndsItsCalls).
//   - An expired token: no login and no new stream, and as the app says also an end of what
//     runs (TestWhatHappensAtExpiry, TestRenewedInTime, TestTokenExpiresInACall).
//   - Guessed tokens, keys of connections and farewells: 128 bits of chance, and few tries a
//     second from an address (TestFailuresSlowDown, TestRenewalsAreCounted, TestBadResumes,
//     TestFarewell, TestFarewellRate, TestKnocks).
//   - Keeping a user out, or a room closed, by logins in its name: only logins with a good
//     token count against a user, a room and an app (TestStrangersUseUpNothing).
//   - A client that brings more from before a restart than it had: its token decides about
//     its streams as ever, sessions go on only with an id that both ends know, and extra info
//     in the name of others is taken soon after the start only (TestPassHoldsForCarriedStreams,
//     TestCarriedIsNotTrusted, TestHalfOfSomebodyElse, TestCarriedSessionsAreBounded,
//     TestExtraInfoIsBroughtBack).
//   - Messages into sessions or rooms of others: who is not in, is not heard (TestOutsidersAreRefused,
//     TestRelay, TestAttacks).
//
// Whose pages connect:
//
//   - Pages of other sites: a socket opens for origins that are allowed, for this machine's, and
//     for pages of this very server (TestOrigins, TestWhoMayConnect).
//   - Names that point here (DNS rebinding): a server for this machine alone believes no Host
//     header, and no page can write the one of a proxy (TestOrigins, TestOriginBehindAProxy,
//     TestOperatorsSide).
//   - A client that says it is another address: only named proxies are believed, and from the
//     right (TestClientBehindProxies, TestLimitsBehindAProxy, FuzzForwarded).
//   - Markup in names and messages: pages write text as text, and run no script that is not
//     theirs (TestPagesTextStaysText, TestPagesPolicy, TestHashes).
//   - Clickjacking: no other site may frame anything of ours (TestEveryAnswerIsGuarded, TestHeaders).
//   - Requests at the console in the operator's name (CSRF): what a browser sends for another
//     site's page changes nothing, and the cookie stays at home (TestChangesComeFromTheConsole,
//     TestCookieIsSecureOverTLS).
//
// Too much of something:
//
//   - Connections: bounded in all and by address, and so is how fast they come
//     (TestConnectionBounds, TestConnectionRate, TestRefusalsAreBounded).
//   - Connections that ask for nothing, and handshakes that never end: bounded in all and by
//     address before anything is read (TestIdleConnectionsAreBounded, TestHandshakesAreBounded).
//   - Logins: bounded by address, user, room and app; the SDK comes again later (TestLoginRates,
//     TestLoginsOfAnAddress, TestLoginsAreSlowedDown, TestLoginTooOften).
//   - What the bounds themselves remember: it is forgotten, and never much (TestPaceForgets).
//   - Frames, bytes and the WebSocket's own pings: each connection is read at a pace
//     (TestFloodIsSlowedDown, TestBytesAreSlowedDown, TestAttacks).
//   - Large frames, frames that never end, bombs of compression: a bound on each, and nothing is
//     unpacked (TestMalformedFramesEndTheConnection, TestUnfinishedFrameIsCutOff, TestNothingIsUnpacked).
//   - Nonsense in frames: it ends its connection at most (FuzzDecode, FuzzConnection, TestBadFrames).
//   - Slow readers: queues are bounded, and who does not read is closed (TestSlowReaderIsClosed,
//     TestDeadReaderIsDropped, TestLargeRepliesAreBounded, TestOutboxIsBounded).
//   - Slow requests, large headers and bodies: cut off (TestSlowRequestsEnd, TestBodiesAreBounded).
//   - Rooms, members, streams, plays, extra info: bounded on the server, in an app, a room and of
//     a user (TestRoomBounds, TestRoomsOfAnApp, TestRoomsOfAUser, TestRoomStreamsAreBounded,
//     TestPlayBound, TestExtraInfoIsBounded).
//   - Sessions, each of which makes the publisher's page work: opened at a pace of the user who asks
//     (TestSessionsHaveAPace, TestCrowdedPublisherIsLeftAlone).
//   - Messages to everybody: bounded by user, and left out where much waits already
//     (TestBroadcastRate, TestBarrageIsDroppedForSlowReader, TestExtraInfoHasAPace).
//   - Connections that are away and never come back: bounded as those that are here, and not for
//     long (TestAwayIsBounded, TestGraceEnds, TestAwayWithTooMuchToSay).
//   - A panic that one client's frame causes: it ends that connection (TestPanicEndsOneConnection).
//   - Lines in the log: one of a sort in ten seconds (TestLogSaysItOnce).
//
// The server as a tool against others:
//
//   - The relay of media as a way into the operator's network, or to anybody: no peers but those
//     of calls, none in private networks, credentials of a user for a day, quotas (TestRefusedPeers,
//     TestRefusedCredentials, TestQuotas, TestRequestsHaveAPace, TestBandwidth, TestHostileStreams).
//   - The relay's answers to addresses that somebody else has forged: few to who shows no
//     credential (TestAnswers, TestRefusedAnswersAreBounded).
//   - Callbacks as a way into the operator's network: their addresses are the operator's own, from
//     the apps, and no redirect is followed; a receiver that is slow or dead costs a bounded queue
//     (TestOverTheWire, TestAppsRefuse, TestBound, TestHangs).
//   - A request of the server API that is replayed, old or forged: each has a signature, a time
//     and a number that is used once (TestReplay, TestTimeWindow, TestGatewayCodes, TestUnsignedLeaveNothing).
//
// The operator's side:
//
//   - Metrics, profiles and the console in public: they are at an address of their own, with a key
//     where others reach it (TestOperatorsSide, TestAdminAddressBeyondLoopbackNeedsKey,
//     TestConsole, TestConsoleIsForTheOperator, TestNoOperatorsSide).
//   - Guessing the operator's key: long, compared in constant time, few tries (TestWrongKeys,
//     TestWrongKeysOfMany, TestEveryEndpointIsClosed).
//   - Secrets in the log, in files of others, in what is printed or shown (TestLogIsOneLineWithoutSecrets,
//     TestSecretsAreNotPrinted, TestAppsKeepTheirMode, TestSecretsAreShownOnce).
//   - Lines in the log that a client wrote: a name is quoted, whatever is in it (TestLogIsQuoted).
//   - Files beside those that are served: a path is a name among them (TestPathsLeadNowhere, TestPaths).
package web
