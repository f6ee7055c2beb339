package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
)

// table is what the loader knows of the SDK before the SDK runs.
type table struct {
	Version string           `json:"version"`
	Wasm    string           `json:"wasm"`
	Events  []string         `json:"events"`
	Vendors []string         `json:"vendors"`
	Classes map[string]class `json:"classes"`
}

// class maps the names of methods to their kinds. Maker is for those whose objects Go
// hands out.
type class struct {
	Maker   string            `json:"maker,omitempty"`
	Methods map[string]string `json:"methods"`
	Statics map[string]string `json:"statics"`
	// missing are those of both that this version does not have; the loader need not know.
	missing map[string]bool
}

// has reports whether a method of the types is there, and not missing.
func (t table) has(d declaration) bool {
	c := t.Classes[d.class]
	members := c.Methods
	if d.static {
		members = c.Statics
	}
	return members[d.name] != "" && !c.missing[d.name]
}

// kinds are those of wasm/bind, and what the loader calls them. A checked method is a
// promise to it.
var kinds = map[string]string{
	"promise": "promise", "checked": "promise", "value": "value",
	"queued": "queued", "accepted": "accepted", "listener": "listener", "getter": "getter",
}

// source is the parsed package that has the rows: its package-level names and values.
type source struct {
	fset   *token.FileSet
	values map[string]ast.Expr
}

// readTable reads the literals classes and engineEvents and the constant Version out of
// the Go files in dir, and the lists of rows that classes names.
func readTable(dir string) (table, error) {
	src, err := parse(dir)
	if err != nil {
		return table{}, err
	}
	t := table{Classes: map[string]class{}}
	if t.Version, err = src.text(src.values["Version"]); err != nil {
		return table{}, fmt.Errorf("read the version: %w", err)
	}
	if t.Events, err = src.texts("engineEvents"); err != nil {
		return table{}, err
	}
	entries, err := src.list("classes")
	if err != nil {
		return table{}, err
	}
	for _, entry := range entries {
		if err := src.addClass(t.Classes, entry); err != nil {
			return table{}, err
		}
	}
	return t, nil
}

// readVendors reads the list vendorHosts: the loader must not connect there either.
func readVendors(dir string) ([]string, error) {
	src, err := parse(dir)
	if err != nil {
		return nil, err
	}
	return src.texts("vendorHosts")
}

func parse(dir string) (source, error) {
	src := source{fset: token.NewFileSet(), values: map[string]ast.Expr{}}
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return src, err
	}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(src.fset, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return src, err
		}
		src.addValues(f)
	}
	return src, nil
}

func (src source) addValues(f *ast.File) {
	for _, decl := range f.Decls {
		gen, ok := decl.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range gen.Specs {
			if v, ok := spec.(*ast.ValueSpec); ok && len(v.Names) == len(v.Values) {
				for i, name := range v.Names {
					src.values[name.Name] = v.Values[i]
				}
			}
		}
	}
}

// addClass reads {"Name", "maker", [][]row{methodRows…}, staticRows or nil}.
func (src source) addClass(to map[string]class, entry ast.Expr) error {
	parts, err := src.elements(entry, 4)
	if err != nil {
		return err
	}
	name, err := src.text(parts[0])
	if err != nil {
		return err
	}
	c := class{Methods: map[string]string{}, Statics: map[string]string{}, missing: map[string]bool{}}
	if c.Maker, err = src.text(parts[1]); err != nil {
		return err
	}
	lists, err := src.listsOfRows(parts[2])
	if err != nil {
		return err
	}
	for _, list := range lists {
		if err := src.addRows(c.Methods, c.missing, list); err != nil {
			return err
		}
	}
	if err := src.addRows(c.Statics, c.missing, parts[3]); err != nil {
		return err
	}
	to[name] = c
	return nil
}

// listsOfRows are the names in [][]row{…}, or none for nil.
func (src source) listsOfRows(e ast.Expr) ([]ast.Expr, error) {
	if isNil(e) {
		return nil, nil
	}
	lit, ok := e.(*ast.CompositeLit)
	if !ok {
		return nil, src.errorf(e, "must be a literal [][]row{…} or nil")
	}
	return lit.Elts, nil
}

func isNil(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == "nil"
}

// addRows reads the list of rows that the identifier names; nil is none.
func (src source) addRows(to map[string]string, missing map[string]bool, list ast.Expr) error {
	if isNil(list) {
		return nil
	}
	id, ok := list.(*ast.Ident)
	if !ok {
		return src.errorf(list, "must be the name of a list of rows")
	}
	rows, err := src.list(id.Name)
	if err != nil {
		return err
	}
	for _, r := range rows {
		name, kind, err := src.row(r)
		if err != nil {
			return err
		}
		if _, twice := to[name]; twice {
			return src.errorf(r, "%s has two rows", name)
		}
		to[name] = kind
		if _, ok := r.(*ast.CallExpr); ok { // missing("name", kind)
			missing[name] = true
		}
	}
	return nil
}

// row reads {"name", kind, …} or missing("name", kind).
func (src source) row(e ast.Expr) (name, kind string, err error) {
	parts, err := src.elements(e, 2)
	if err != nil {
		return "", "", err
	}
	if name, err = src.text(parts[0]); err != nil {
		return "", "", err
	}
	id, ok := parts[1].(*ast.Ident)
	if ok {
		kind, ok = kinds[id.Name]
	}
	if !ok {
		return "", "", src.errorf(parts[1], "the kind of %s must be one of bind's constants", name)
	}
	return name, kind, nil
}

// elements are the parts of a literal or the arguments of a call, at least n.
func (src source) elements(e ast.Expr, n int) ([]ast.Expr, error) {
	var parts []ast.Expr
	switch e := e.(type) {
	case *ast.CompositeLit:
		parts = e.Elts
	case *ast.CallExpr:
		parts = e.Args
	}
	if len(parts) < n {
		return nil, src.errorf(e, "must be a literal with %d values or more", n)
	}
	return parts, nil
}

// list are the elements of the package-level literal name.
func (src source) list(name string) ([]ast.Expr, error) {
	lit, ok := src.values[name].(*ast.CompositeLit)
	if !ok {
		return nil, fmt.Errorf("no literal %s in the package", name)
	}
	return lit.Elts, nil
}

func (src source) texts(name string) ([]string, error) {
	elements, err := src.list(name)
	if err != nil {
		return nil, err
	}
	var all []string
	for _, e := range elements {
		s, err := src.text(e)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

func (src source) text(e ast.Expr) (string, error) {
	if e == nil {
		return "", errors.New("is not in the package")
	}
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", src.errorf(e, "must be a string literal")
	}
	return strconv.Unquote(lit.Value)
}

// errorf makes an error that says where in the source it is.
func (src source) errorf(at ast.Node, format string, args ...any) error {
	return fmt.Errorf("%s: %s", src.fset.Position(at.Pos()), fmt.Sprintf(format, args...))
}
