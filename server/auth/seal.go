package auth

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"strings"
)

// The layout of a token: its version, then base64 of the time when it expires, what it was
// encrypted with, and what was encrypted, each with its length; numbers are big-endian.
const (
	version  = "04"
	maxToken = 4096 // bytes, of what is looked at
	maxPlain = 2800 // bytes that fit into a token in any case
	cbcIV    = aes.BlockSize
	gcmNonce = 12
	gcmTag   = 16
	gcmMode  = 1 // the last byte; none or a zero is CBC
)

// What Explain tells apart.
var (
	ErrSecret = errors.New("the secret does not open it: it was made with another secret, or altered")
	ErrFormer = errors.New("it was made with the secret before the last rotation, whose time is over")
)

// What is wrong with a token, for whoever has its secret.
var (
	errOldVersion = errors.New("it is of version 03, which is not supported: make one of version 04")
	errVersion    = errors.New("it does not begin with 04: this is no token, or not the whole of it")
	errLong       = errors.New("it is too long for a token")
	errBase64     = errors.New("what follows 04 is not base64: a character was altered or lost, or it was escaped for an address and not unescaped")
	errCut        = errors.New("it is cut off: copy the whole of it")
	errTail       = errors.New("something stands behind its end: copy the token alone")
	errLayout     = errors.New("its parts do not have the lengths that they may have: it was cut off or altered, or something else made it")
	errNoJSON     = errors.New("the secret opens it, but it does not hold the JSON of a token")
	errCBC        = errors.New("it is sealed by AES-CBC, and its app takes AES-GCM only: let the generator make that")
	errApp        = errors.New("it is for another app")
	errNoUser     = errors.New("it names no user: user_id must not be empty")
	errTwoTimes   = errors.New("the time of its expiry in clear is not the encrypted one: it was altered")
	errPayload    = errors.New("its payload is not the JSON that says room_id, privilege and stream_id_list")
)

// sealed is a token taken apart, not decrypted.
type sealed struct {
	expires int64 // Unix seconds, in clear
	iv      []byte
	cipher  []byte
	gcm     bool
}

// parse takes a token apart. What stands behind a '#' is what kits add to one.
func parse(token string) (sealed, error) {
	token, _, _ = strings.Cut(token, "#")
	text, ok := strings.CutPrefix(token, version)
	switch {
	case strings.HasPrefix(token, "03"):
		return sealed{}, errOldVersion
	case !ok:
		return sealed{}, errVersion
	case len(token) > maxToken:
		return sealed{}, errLong
	case strings.ContainsAny(text, "\r\n"): // the decoder would skip them
		return sealed{}, errBase64
	}
	data, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil && len(text)%4 != 0 && strings.Trim(text, alphabet) == "" {
		return sealed{}, errCut
	}
	if err != nil {
		return sealed{}, errBase64
	}
	return layout(data)
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

func layout(data []byte) (sealed, error) {
	if len(data) < 8 {
		return sealed{}, errCut
	}
	s := sealed{expires: int64(binary.BigEndian.Uint64(data))}
	iv, rest, ok := part(data[8:])
	if !ok {
		return sealed{}, errCut
	}
	text, rest, ok := part(rest)
	if !ok {
		return sealed{}, errCut
	}
	if len(rest) > 1 {
		return sealed{}, errTail
	}
	s.iv, s.cipher, s.gcm = iv, text, len(rest) == 1 && rest[0] == gcmMode
	if len(rest) == 1 && rest[0] > gcmMode || !s.lengthsFit() {
		return sealed{}, errLayout
	}
	return s, nil
}

// part is what stands behind its length.
func part(data []byte) (text, rest []byte, ok bool) {
	if len(data) < 2 {
		return nil, nil, false
	}
	n := int(binary.BigEndian.Uint16(data))
	if len(data) < 2+n {
		return nil, nil, false
	}
	return data[2 : 2+n], data[2+n:], true
}

func (s sealed) lengthsFit() bool {
	if s.gcm {
		return len(s.iv) == gcmNonce && len(s.cipher) > gcmTag
	}
	return len(s.iv) == cbcIV && len(s.cipher) > 0 && len(s.cipher)%aes.BlockSize == 0
}

// String is the token.
func (s sealed) String() string {
	data := binary.BigEndian.AppendUint64(nil, uint64(s.expires))
	for _, part := range [][]byte{s.iv, s.cipher} {
		data = binary.BigEndian.AppendUint16(data, uint16(len(part)))
		data = append(data, part...)
	}
	if s.gcm {
		data = append(data, gcmMode)
	}
	return version + base64.StdEncoding.EncodeToString(data)
}

// block is the cipher. The secret's characters are the key, not what they say in hex.
func block(secret string) (cipher.Block, error) {
	b, err := aes.NewCipher([]byte(secret))
	if err != nil {
		return nil, ErrSecret
	}
	return b, nil
}

func sealGCM(secret string, plain []byte) (sealed, error) {
	b, err := block(secret)
	if err != nil {
		return sealed{}, err
	}
	gcm, err := cipher.NewGCM(b)
	if err != nil {
		return sealed{}, err
	}
	nonce := random(gcmNonce)
	return sealed{iv: nonce, cipher: gcm.Seal(nil, nonce, plain, nil), gcm: true}, nil
}

func sealCBC(secret string, plain []byte) (sealed, error) {
	b, err := block(secret)
	if err != nil {
		return sealed{}, err
	}
	n := aes.BlockSize - len(plain)%aes.BlockSize
	text := append([]byte(nil), plain...)
	for range n {
		text = append(text, byte(n))
	}
	iv := random(cbcIV)
	cipher.NewCBCEncrypter(b, iv).CryptBlocks(text, text)
	return sealed{iv: iv, cipher: text}, nil
}

// open decrypts. A wrong padding costs as much as a right one: see unpad.
func (s sealed) open(secret string) ([]byte, error) {
	b, err := block(secret)
	if err != nil {
		return nil, err
	}
	if !s.gcm {
		text := make([]byte, len(s.cipher))
		cipher.NewCBCDecrypter(b, s.iv).CryptBlocks(text, s.cipher)
		return unpad(text)
	}
	gcm, err := cipher.NewGCM(b)
	if err != nil {
		return nil, err
	}
	text, err := gcm.Open(nil, s.iv, s.cipher, nil)
	if err != nil {
		return nil, ErrSecret
	}
	return text, nil
}

// unpad takes the padding away, looking at the same bytes whatever they are. With the
// error comes all of text.
func unpad(text []byte) ([]byte, error) {
	n := int(text[len(text)-1])
	good := subtle.ConstantTimeLessOrEq(1, n) & subtle.ConstantTimeLessOrEq(n, aes.BlockSize)
	for i := 1; i <= aes.BlockSize; i++ {
		inside := subtle.ConstantTimeLessOrEq(i, n)
		same := subtle.ConstantTimeByteEq(text[len(text)-i], byte(n))
		good &= same | (1 - inside)
	}
	if good != 1 {
		return text, ErrSecret
	}
	return text[:len(text)-n], nil
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return b
}
