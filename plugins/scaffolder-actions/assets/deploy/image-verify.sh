#!/usr/bin/env bash
# Looks whether an image was signed by the workflows that build it.
#
# IMAGE      by its digest
# IDENTITY   regular expression of who may have signed
# COMMIT     the commit that it has to have been signed for; none is looked at without it
# COMMIT_BY  "label" where a run that signs is one of the default branch, whatever commit it builds: what the image says of
#            itself counts then, which is signed with it
set -euo pipefail

: "${IMAGE:?}" "${IDENTITY:?}"
if [[ ! $IMAGE =~ @sha256:[0-9a-f]{64}$ ]]; then
  echo "::error::$IMAGE has no digest: what is looked at need not be what runs."
  exit 1
fi
about=()
if [[ -n ${COMMIT:-} && ${COMMIT_BY:-signature} == label ]]; then
  # Of one platform, or of several by their names.
  docker buildx imagetools inspect --format '{{json .Image}}' "$IMAGE" | node -e '
    const image = JSON.parse(require("node:fs").readFileSync(0, "utf8")) ?? {};
    const said = [image, ...Object.values(image)]
      .map(one => one?.config?.Labels?.["org.opencontainers.image.revision"])
      .filter(Boolean);
    if (said.length === 0 || said.some(one => one !== process.env.COMMIT)) {
      console.log("::error::The image is not of the commit that is deployed. It is not deployed.");
      process.exit(1);
    }'
elif [[ -n ${COMMIT:-} ]]; then
  # The workflow of another commit may build whatever it likes: it does not build this one.
  about=(--certificate-github-workflow-sha "$COMMIT")
fi
for ((attempt = 1; attempt <= 3; attempt++)); do
  status=0
  cosign verify --certificate-oidc-issuer https://token.actions.githubusercontent.com \
    --certificate-identity-regexp "$IDENTITY" "${about[@]}" --output text "$IMAGE" || status=$?
  if [[ $status == 0 ]]; then
    echo "$IMAGE was signed by this pipeline."
    exit 0
  fi
  # 10 to 12: there is no signature, or none that fits. The rest may be the network.
  if ((status >= 10 && status <= 12)); then
    break
  fi
  if ((attempt < 3)); then
    sleep 5
  fi
done
echo "::error::$IMAGE was not signed by this pipeline. It is not deployed."
exit 1
