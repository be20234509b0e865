PY := .venv/bin/python
export PYTHONWARNINGS := ignore
.DEFAULT_GOAL := help
.PHONY: help setup run chat add-user train test check facts lock bench-nlu bench-compare bench bench-profile bench-turns bench-load bench-scale test-scale bench-counting simulate bench-intakes tune-encoder screenshots routes widget-tag audit sbom

help: ## show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

setup: ## make the environment (done by the others when needed)
	@sh scripts/setup.sh run

run: setup ## everything: environment, model, then chat, action server, dashboard and example page
	@$(PY) -m bot.run

chat: setup ## chat in the terminal with the running assistant
	@$(PY) -m bot.chat

add-user: setup ## an account for the dashboard: make add-user name=jan.peeters
	@$(PY) -m bot.dashboard add-user "$(name)"

train: setup ## train the model if something changed
	@$(PY) -m bot.train

test: ## everything that CI runs: checks, validation, all tests
	@sh scripts/setup.sh dev
	@$(PY) -m ruff check .
	@$(PY) -m bot.facts check
	@$(PY) -m bot.routes check
	@$(PY) -m bot.train
	@sh scripts/test.sh

check: ## style, facts and routes only, seconds
	@sh scripts/setup.sh dev
	@$(PY) -m ruff check .
	@$(PY) -m bot.facts check
	@$(PY) -m bot.routes check

facts: setup ## where each fact is used
	@$(PY) -m bot.facts list

bench-nlu: ## how well the assistant understands, on sentences kept apart
	@sh scripts/setup.sh dev
	@$(PY) -m benchmarks.understanding

bench-compare: ## ours beside Rasa's default, Rasa with spaCy, plain n-grams and the encoder; an hour with per_topic=35
	@sh scripts/setup.sh dev
	@$(PY) -m benchmarks.compare $(if $(per_topic),--per-topic $(per_topic))

tune-encoder: setup ## teach the sentence encoder our topics again, three quarters of an hour; then commit its file
	@sh scripts/tune.sh $(if $(rounds),--rounds $(rounds))

bench: ## ours beside stock Rasa over HTTP: turns, memory, training, start, install; 50 minutes, of which stock trains 30
	@sh scripts/setup.sh dev
	@$(PY) -m bot.train
	@$(PY) -m benchmarks.serving $(if $(stock),--stock-model "$(stock)")

bench-profile: ## where the milliseconds of a turn go: tables and flame graphs in results/ (spy=path of py-spy)
	@sh scripts/setup.sh dev
	@$(PY) -m benchmarks.serving_profile $(if $(spy),--py-spy "$(spy)")

bench-turns: ## how long a turn takes, on the running assistant
	@$(PY) -m benchmarks.turns

bench-counting: ## what counting adds to a turn, with and without in one run
	@sh scripts/setup.sh dev
	@$(PY) -m benchmarks.counting

bench-load: ## half an hour of load and a burst: nothing lost, nothing wrong (minutes=30)
	@sh scripts/setup.sh dev
	@OMP_NUM_THREADS=1 $(PY) -m benchmarks.load $(if $(minutes),--minutes $(minutes))

bench-scale: ## one chat server against two behind nginx with Redis, and where the processor goes (seconds=30)
	@sh scripts/setup.sh dev
	@OMP_NUM_THREADS=1 $(PY) -m benchmarks.scale $(if $(seconds),--seconds $(seconds))

test-scale: ## two chat servers, two action servers, nginx, Redis and PostgreSQL on this machine; make test runs it too
	@sh scripts/setup.sh dev
	@$(PY) -m bot.train
	@OMP_NUM_THREADS=1 $(PY) -m pytest -q tests/scale tests/deploy

bench-intakes: ## unseen conversations with victims: right services, few turns, danger first
	@sh scripts/setup.sh dev
	@$(PY) -m benchmarks.intakes

simulate: ## half a year of residents in some minutes: true against shown figures
	@sh scripts/setup.sh dev
	@$(PY) -m benchmarks.simulate

screenshots: ## the pictures of README, taken of the running assistant
	@sh scripts/setup.sh dev
	@$(PY) -m benchmarks.screenshots

routes: setup ## read every route as a resident would
	@$(PY) -m bot.routes show

widget-tag: setup ## what a website pastes to have the chat: make widget-tag server=https://chat.zone.be
	@$(PY) -m bot.widget tag $(if $(server),--server "$(server)")

audit: ## the locked packages against known advisories (needs the internet); judgements stand in docs/dependencies.md
	@sh scripts/setup.sh run
	@.tools/bin/uv tool run pip-audit -r requirements/run.txt --no-deps --disable-pip --strict

sbom: setup ## the software bill of materials: make sbom file=bom.json
	@$(PY) -m scripts.sbom $(file)

lock: setup ## write the locked requirements again
	@for kind in run dev; do .tools/bin/uv pip compile --quiet --python-version 3.10 --no-header --no-emit-index-url \
	  --override requirements/overrides.txt --generate-hashes requirements/$$kind.in -o requirements/$$kind.txt; done
