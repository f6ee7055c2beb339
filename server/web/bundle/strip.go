package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// The linker's -s and -w leave the tables that Go prints stack traces from. Here the
// part of them goes that only a trace reads: which file and line an instruction is of,
// which calls were inlined, where arguments are, and the names of functions that are not
// ours. A trace still says where in the SDK it was; the garbage collector's tables stay
// untouched. It saves more than a tenth of what a page loads.
//
// The layout is the runtime's own (src/runtime/symtab.go, runtime2.go of Go 1.26); each
// thing is checked before anything is changed, and what is not recognized is an error.

// magic begins the header of the tables since Go 1.20: for instructions of 1 byte and
// pointers of 8, as on js/wasm.
var magic = []byte{0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8}

// The offsets within a runtime._func.
const (
	funcName      = 4
	funcPCSP      = 16
	funcPCFile    = 20
	funcPCLine    = 24
	funcNPCData   = 28
	funcCU        = 32
	funcStartLine = 36
	funcNFuncData = 43
	funcPCData    = 44
)

// The indices of what only traces use (src/internal/abi/symtab.go).
var (
	traceTables = []int{2, 3}    // PCDATA_InlTreeIndex, PCDATA_ArgLiveIndex
	traceData   = []int{3, 5, 6} // FUNCDATA_InlTree, FUNCDATA_ArgInfo, FUNCDATA_ArgLiveInfo
)

var errTables = errors.New("the tables of functions are not as this version of Go has them")

// stripTraces makes the module smaller; its behaviour is the same but for traces.
func stripTraces(module []byte) ([]byte, error) {
	return rewriteData(module, func(mem memory) error {
		t, err := findTables(mem)
		if err != nil {
			return err
		}
		funcs, err := t.funcs()
		if err != nil {
			return err
		}
		data, end, err := t.funcData()
		if err != nil {
			return err
		}
		t.clearData(funcs, data, end)
		t.strip(funcs)
		return nil
	})
}

// tables are the parts of pclntab, by their place in memory.
type tables struct {
	mem                          memory
	start, count                 int
	names, units, files, pcs, fn int
}

func findTables(mem memory) (tables, error) {
	at := bytes.Index(mem, magic)
	if at < 0 || bytes.Contains(mem[at+1:], magic) {
		return tables{}, fmt.Errorf("%w: no header, or two", errTables)
	}
	word := func(i int) int { return int(binary.LittleEndian.Uint64(mem[at+8+8*i:])) }
	t := tables{
		mem: mem, start: at, count: word(0),
		names: at + word(3), units: at + word(4), files: at + word(5), pcs: at + word(6), fn: at + word(7),
	}
	if parts := []int{at, t.names, t.units, t.files, t.pcs, t.fn, len(mem)}; !slices.IsSorted(parts) {
		return tables{}, fmt.Errorf("%w: parts out of order", errTables)
	}
	return t, nil
}

func (t tables) word(at int) int { return int(binary.LittleEndian.Uint32(t.mem[at:])) }

// funcs is where each runtime._func stands.
func (t tables) funcs() ([]int, error) {
	list := make([]int, t.count)
	for i := range list {
		entry := t.fn + 8*i
		if entry+8 > len(t.mem) {
			return nil, fmt.Errorf("%w: function %d out of bounds", errTables, i)
		}
		f := t.fn + t.word(entry+4)
		if f+funcPCData > len(t.mem) || t.word(f) != t.word(entry) {
			return nil, fmt.Errorf("%w: function %d is elsewhere", errTables, i)
		}
		if n := t.word(f + funcNPCData); n > 8 || t.mem[f+funcNFuncData] > 8 {
			return nil, fmt.Errorf("%w: function %d has %d tables", errTables, i, n)
		}
		list[i] = f
	}
	return list, nil
}

// The words of runtime.moduledata that are needed here (src/runtime/symtab.go).
const (
	modulePCs       = 10
	moduleFuncData  = 40
	moduleTablesEnd = 41 // of the tables of functions
)

// funcData is where the tables that each function has beside pclntab begin and end: they
// follow it, and only the module's own description says where.
func (t tables) funcData() (start, end int, err error) {
	head := binary.LittleEndian.AppendUint64(nil, uint64(t.start))
	head = binary.LittleEndian.AppendUint64(head, uint64(t.names))
	at := bytes.Index(t.mem, head)
	if at < 0 || at+8*(moduleTablesEnd+1) > len(t.mem) {
		return 0, 0, fmt.Errorf("%w: no description of the module", errTables)
	}
	word := func(i int) int { return int(binary.LittleEndian.Uint64(t.mem[at+8*i:])) }
	start, end = word(moduleFuncData), word(moduleTablesEnd)
	if parts := []int{t.fn, start, end, len(t.mem)}; word(modulePCs) != t.pcs || !slices.IsSorted(parts) {
		return 0, 0, fmt.Errorf("%w: the description of the module is another", errTables)
	}
	return start, end, nil
}

// clearData empties what of start to end only traces read: which calls were inlined, and
// where arguments are. A table ends where the next begins.
func (t tables) clearData(funcs []int, start, end int) {
	used := map[int]bool{} // by where it begins: by anything but traces?
	for _, f := range funcs {
		entries := f + funcPCData + 4*t.word(f+funcNPCData)
		for i := range int(t.mem[f+funcNFuncData]) {
			if at := t.word(entries + 4*i); at < end-start { // another is none
				used[at] = used[at] || !slices.Contains(traceData, i)
			}
		}
	}
	places := slices.Sorted(maps.Keys(used))
	for i, at := range places[:max(0, len(places)-1)] {
		if !used[at] {
			clear(t.mem[start+at : start+places[i+1]])
		}
	}
}

func (t tables) strip(funcs []int) {
	used := make([]bool, t.fn-t.pcs)
	var unused []int
	for _, f := range funcs {
		unused = append(unused, t.word(f+funcPCFile), t.word(f+funcPCLine))
		t.mark(used, t.word(f+funcPCSP))
		for i := range t.word(f + funcNPCData) {
			if table := t.word(f + funcPCData + 4*i); slices.Contains(traceTables, i) {
				unused = append(unused, table)
			} else {
				t.mark(used, table)
			}
		}
		t.forget(f)
	}
	for _, table := range unused {
		t.clear(used, table)
	}
	clear(t.mem[t.units:t.pcs]) // the names of files, and who is in which
	t.clearNames()
}

// own begins the names of functions that stay.
var own = [][]byte{[]byte("expressrtc/"), []byte("main.")}

func isOwn(name []byte) bool {
	return slices.ContainsFunc(own, func(prefix []byte) bool { return bytes.HasPrefix(name, prefix) })
}

// clearNames empties the names of functions that are not ours: the runtime takes what a
// function is from other fields.
func (t tables) clearNames() {
	for names := t.mem[t.names:t.units]; len(names) > 0; {
		end := bytes.IndexByte(names, 0)
		if end < 0 {
			return // no name, but what fills the space
		}
		if name := names[:end]; !isOwn(name) {
			clear(name)
		}
		names = names[end+1:]
	}
}

// mark keeps a table: tables of the same content are stored once, for whatever use.
func (t tables) mark(used []bool, table int) {
	if table != 0 {
		for i := range t.size(table) {
			used[table+i] = true
		}
	}
}

func (t tables) clear(used []bool, table int) {
	if table == 0 {
		return
	}
	for i := range t.size(table) {
		if !used[table+i] {
			t.mem[t.pcs+table+i] = 0
		}
	}
}

// size is how long a table is: pairs of varints, until a first half of zero that is not
// the table's first. A table that was cleared has none left to clear.
func (t tables) size(table int) int {
	at := t.pcs + table
	for first := true; at < t.fn; first = false {
		value, n := binary.Uvarint(t.mem[at:t.fn])
		at += max(n, 1)
		if value == 0 && !first {
			break
		}
		if value == 0 && t.mem[at] == 0 {
			break
		}
		_, n = binary.Uvarint(t.mem[at:t.fn])
		at += max(n, 1)
	}
	return at - t.pcs - table
}

// forget makes a function's entries for traces say "none", which the runtime knows.
func (t tables) forget(f int) {
	const noOffset, noData = 0, ^uint32(0)
	le := binary.LittleEndian
	if name := t.names + t.word(f+funcName); name >= t.units || !isOwn(t.mem[name:t.units]) {
		le.PutUint32(t.mem[f+funcName:], noOffset)
	}
	for _, field := range []int{funcPCFile, funcPCLine, funcCU, funcStartLine} {
		le.PutUint32(t.mem[f+field:], noOffset)
	}
	pcdata := t.word(f + funcNPCData)
	for _, i := range traceTables {
		if i < pcdata {
			le.PutUint32(t.mem[f+funcPCData+4*i:], noOffset)
		}
	}
	for _, i := range traceData {
		if i < int(t.mem[f+funcNFuncData]) {
			le.PutUint32(t.mem[f+funcPCData+4*pcdata+4*i:], noData)
		}
	}
}
