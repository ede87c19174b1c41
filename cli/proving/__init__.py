"""The leak prover: plants secrets, asks as everybody through every surface, and looks for what came out.

`tokens` and `planted` say what a secret is, `askers` who asks, `oracle` what each may see: a table of its
own, that shares nothing with the code it judges. `plant_*` fill a temporary knowledge base through the
record's verbs and the workers' real code, `base` runs the real application on it. `registry` names every
route and command with the requests that could betray something (`surfaces/`); `prove` sends them and reads
the answers.
"""
