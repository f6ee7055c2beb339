package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// The npm package is what npm pack would make: a tar.gz of a folder "package". The same
// source gives the same bytes.

// What is in it that is no part of the SDK: its manifest, its README, and the entry of
// the TypeScript types for import.
var (
	//go:embed package/package.json
	manifest string
	//go:embed package/README.md
	packageReadme string
)

// types is the folder of the TypeScript types, in pages and in the package.
const types = "types"

// packTime is the time of all files, the one that npm itself takes.
var packTime = time.Date(1985, time.October, 26, 8, 15, 0, 0, time.UTC)

// typePaths are the modules that applications import types from, as the package that
// this one takes the place of has them. Each has all types. Where a class is the
// module's default, it is named.
var typePaths = map[string]string{
	"sdk/code/zh/index":                           "",
	"sdk/code/zh/index.esm":                       "",
	"sdk/code/zh/zego.client.web":                 "",
	"sdk/code/zh/zego.client.rtm":                 "",
	"sdk/code/zh/ZegoAudioEffectPlayer.web":       "",
	"sdk/code/zh/ZegoBackgroundProcessEntity.web": "",
	"sdk/code/zh/ZegoCopyrightedMusic.web":        "",
	"sdk/code/zh/ZegoCopyrightedMusicEntity.web":  "",
	"sdk/code/zh/ZegoExpressDataChannel.web":      "",
	"sdk/code/zh/ZegoExpressEntity.rtm":           "",
	"sdk/code/zh/ZegoExpressEntity.web":           "",
	"sdk/code/zh/ZegoExpressRangeAudio.web":       "",
	"sdk/code/zh/ZegoLocalStream.web":             "ZegoLocalStream",
	"sdk/code/zh/ZegoMixStreamEntity":             "",
	"sdk/code/zh/ZegoRangeAudioEntity.web":        "",
	"sdk/code/zh/ZegoStreamCompositor.web":        "",
	"sdk/code/zh/ZegoStreamCompositorEntity.web":  "",
	"sdk/code/zh/ZegoStreamView.web":              "",
	"sdk/code/zh/ZegoVoiceChangerEntity.web":      "",
	"sdk/src/common/zego.entity":                  "",
	"sdk/src/common/zego.entity.web":              "",
}

// plugins are the modules that applications pass to ZegoExpressEngine.use, and what they
// export. Here all is built in, so each is a name and nothing else.
var plugins = map[string]string{
	"aidenoise": "AiDenoise", "background-process": "BackgroundProcess",
	"copyrighted-music": "CopyrightedMusic", "stream-compositor": "StreamCompositor",
	"voice-changer": "VoiceChanger", "esm/audio-mix": "AudioMix", "esm/beauty-effect": "BeautyEffect",
	"esm/mix-stream": "MixStream", "esm/range-audio": "RangeAudio", "esm/stream-cdn": "StreamCDN",
}

// pack writes the package into dir.
func pack(s sdk, dir string) error {
	data, err := packed(s)
	if err != nil {
		return err
	}
	path := filepath.Join(dir, "expressrtc-"+s.table.Version+".tgz")
	if err := errors.Join(os.MkdirAll(dir, 0o755), os.WriteFile(path, data, 0o644)); err != nil {
		return err
	}
	fmt.Printf("%s: %d bytes\n", path, len(data))
	return nil
}

// packed is the package as npm takes it.
func packed(s sdk) ([]byte, error) {
	files, err := packageFiles(s)
	if err != nil {
		return nil, fmt.Errorf("make the package: %w", err)
	}
	data, err := tarball(files)
	if err != nil {
		return nil, fmt.Errorf("make the package: %w", err)
	}
	return data, nil
}

// packageFiles are the files of the package.
func packageFiles(s sdk) ([]file, error) {
	text := func(name, content string) file { return file{name: name, data: []byte(content)} }
	files := []file{
		text("package.json", strings.ReplaceAll(manifest, "VERSION", s.table.Version)),
		text("README.md", packageReadme),
		s.wasm,
		{name: "ZegoExpressWebRTC.js", data: s.script},
		text("index.js", "module.exports = require(\"./ZegoExpressWebRTC.js\");\n"),
		{name: "index.mjs", data: s.module},
	}
	const entry = "export * from \"./types/index.js\";\nexport { ZegoExpressEngine as default } from \"./types/index.js\";\n"
	files = append(files, text("index.d.ts", entry), text("index.d.mts", entry))
	declared, err := readTypes(filepath.Join(pages, types))
	if err != nil {
		return nil, err
	}
	enums := ""
	for _, f := range declared {
		files = append(files, annotate(f, s.table))
		enums += enumsOf(string(f.data))
	}
	files = append(files, text("types/index.js", enums))
	for path, class := range typePaths {
		files = append(files, typeModule(path, class)...)
	}
	for path, name := range plugins {
		files = append(files, text(path+"/index.js", fmt.Sprintf("exports.%s = { type: %q, install() {} };\n", name, name)),
			text(path+"/index.d.ts", fmt.Sprintf("/** Is built in; pass it to `ZegoExpressEngine.use` or leave it out. */\nexport declare const %s: { readonly type: string; install(...classes: any[]): void };\n", name)))
	}
	return files, nil
}

// typeModule makes a module that has all types, and at run time the enumerations.
func typeModule(path, class string) []file {
	up := strings.Repeat("../", strings.Count(path, "/")) + "types/index.js"
	declared := fmt.Sprintf("export * from %q;\n", up)
	if class != "" {
		declared += fmt.Sprintf("export { %s as default } from %q;\n", class, up)
	}
	return []file{
		{name: path + ".d.ts", data: []byte(declared)},
		{name: path + ".d.mts", data: []byte(declared)},
		{name: path + ".js", data: fmt.Appendf(nil, "module.exports = require(%q);\n", up)},
	}
}

// tarball packs files as npm does.
func tarball(files []file) ([]byte, error) {
	slices.SortFunc(files, func(a, b file) int { return strings.Compare(a.name, b.name) })
	var b bytes.Buffer
	gz, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	w := tar.NewWriter(gz)
	for _, f := range files {
		header := &tar.Header{Name: "package/" + f.name, Size: int64(len(f.data)), Mode: 0o644, ModTime: packTime, Format: tar.FormatUSTAR}
		if err := w.WriteHeader(header); err != nil {
			return nil, err
		}
		if _, err := w.Write(f.data); err != nil {
			return nil, err
		}
	}
	err = errors.Join(w.Close(), gz.Close())
	return b.Bytes(), err
}
