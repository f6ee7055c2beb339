package signaling

import (
	"errors"
	"time"

	"expressrtc/server/auth"
	"expressrtc/server/protocol"
	"expressrtc/server/room"
)

// tokenLevel is what callbacks say of the tokens that there are: those of version 4.
const tokenLevel = 4

// AdmitTokens decides about logins by their tokens: it refuses one, or narrows the pass to
// what the token allows. While there is no app it lets everybody in; from the first one on
// nobody comes without a token of one, also when the last one is deleted.
func AdmitTokens(apps *auth.Apps) func(protocol.RoomLogin, *room.Pass) error {
	return func(msg protocol.RoomLogin, pass *room.Pass) error {
		if !apps.Any() {
			return nil
		}
		app, ok := apps.Get(uint32(msg.App))
		if !ok {
			return protocol.Errorf(protocol.CodeAppID,
				"this server does not serve app %d: use the app ID that its operator gave you", msg.App)
		}
		claims, err := readToken(app, msg)
		if err != nil {
			return err
		}
		narrow(pass, app, claims)
		return nil
	}
}

// goodbye is what users are told whose app is gone.
const goodbye = "this server does not serve the app any more"

// ExpelForgotten removes those from rooms whom a token of an app has let in that there is no
// more, and answers how many. Who came while there was no app at all stays. It is for
// whoever has taken an app away: until it is called, their calls go on.
func ExpelForgotten(apps *auth.Apps, hub *room.Hub) (expelled int) {
	for _, r := range hub.Rooms(nil) {
		if _, ok := apps.Get(uint32(r.Info().App)); ok {
			continue
		}
		var users []protocol.UserID
		for _, u := range r.Users() {
			if u.Pass.Level != 0 {
				users = append(users, u.ID)
			}
		}
		expelled += r.Remove(goodbye, users...)
	}
	return expelled
}

// readToken reads a token that admits to where msg wants to. The SDK's contract knows one
// code for all that is wrong with one, but for its time.
func readToken(app auth.App, msg protocol.RoomLogin) (auth.Claims, error) {
	if msg.Token == "" {
		return auth.Claims{}, protocol.Errorf(protocol.CodeToken,
			"this server lets nobody in without a token: get one from the server of your application")
	}
	claims, err := auth.Verify(app, msg.Token, time.Now())
	switch {
	case err != nil && !errors.Is(err, auth.ErrExpired):
		return claims, protocol.Errorf(protocol.CodeToken,
			"the token is not good for app %d: it must be made with the app's secret, for this app ID, and reach the server whole", app.ID)
	case claims.User != string(msg.User.ID):
		return claims, protocol.Errorf(protocol.CodeToken, "the token is for another user than %.64q", msg.User.ID)
	case err != nil:
		return claims, protocol.Errorf(protocol.CodeTokenExpired, "the token has expired: get a new one")
	case claims.Rights == nil:
		return claims, nil
	case claims.Rights.Room != "" && claims.Rights.Room != string(msg.Room):
		return claims, protocol.Errorf(protocol.CodeToken, "the token is for another room than %.128q", msg.Room)
	case !claims.Rights.Login:
		return claims, protocol.Errorf(protocol.CodeToken, "the token does not allow its user to log in")
	}
	return claims, nil
}

// atExpiry reads the setting of an app.
var atExpiry = map[string]room.AtExpiry{"": room.Stay, "stop": room.StopPublishing, "kick": room.KickOut}

// narrow notes what a token allows.
func narrow(pass *room.Pass, app auth.App, claims auth.Claims) {
	pass.Level = tokenLevel
	pass.Expires, pass.AtExpiry = claims.Expires, atExpiry[app.AtExpiry]
	if claims.Rights == nil {
		return
	}
	pass.NoPublish = !claims.Rights.Publish
	for _, id := range claims.Rights.Streams {
		pass.Streams = append(pass.Streams, protocol.StreamID(id))
	}
}
