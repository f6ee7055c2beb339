package web

import (
	"strconv"
	"strings"
)

// negotiate picks the encoding of offered, best first, that an Accept-Encoding header
// likes best; "" is the file as it is.
// https://www.rfc-editor.org/rfc/rfc9110.html#name-accept-encoding
func negotiate(header string, offered []string) string {
	weights := parseWeights(header)
	best, bestWeight := "", 0.0
	for _, encoding := range offered {
		weight, named := weights[encoding]
		if !named {
			weight = weights["*"]
		}
		if weight > bestWeight {
			best, bestWeight = encoding, weight
		}
	}
	if weights["identity"] > bestWeight {
		return ""
	}
	return best
}

// parseWeights reads "gzip;q=0.5, br" into names and their weights.
func parseWeights(header string) map[string]float64 {
	weights := map[string]float64{}
	for item := range strings.SplitSeq(header, ",") {
		name, parameters, _ := strings.Cut(item, ";")
		name = strings.ToLower(strings.TrimSpace(name))
		if name != "" {
			weights[name] = parseWeight(parameters)
		}
	}
	return weights
}

// parseWeight reads "q=0.5"; nothing means 1, what cannot be read means not wanted.
func parseWeight(parameters string) float64 {
	for parameter := range strings.SplitSeq(parameters, ";") {
		key, value, _ := strings.Cut(strings.TrimSpace(parameter), "=")
		if !strings.EqualFold(key, "q") {
			continue
		}
		weight, err := strconv.ParseFloat(value, 64)
		if err != nil || weight > 1 {
			return 0
		}
		return weight
	}
	return 1
}
