# What ./dev check looks at after formatter and benches: who knows whom, sizes, citations, parameters, shell.
set -eu
./dev quick postern.ArchitectureTest postern.HouseTest postern.ParametersTest
for script in postern dev .ci/run src/sh/*.sh; do
    sh -n "$script"
done
