/*
 * Replays a corpus: the main of a fuzz target where libFuzzer is not linked. Arguments are files, or directories of files; each
 * is handed to the target once. It ends at the first input that the target does not survive, having said which.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int count;

static int replay_file(const char *name)
{
    struct stat st;
    uint8_t *data;
    FILE *f = fopen(name, "rb");
    size_t n;

    if (!f || fstat(fileno(f), &st) || !(data = malloc((size_t)st.st_size ? (size_t)st.st_size : 1))) {
        perror(name);
        return 1;
    }
    n = fread(data, 1, (size_t)st.st_size, f);      /* a block of exactly that size, so that a byte too far is seen */
    fclose(f);
    printf("# %s\n", name);
    fflush(stdout);
    LLVMFuzzerTestOneInput(data, n);
    free(data);
    printf("ok %d\n", ++count);
    return 0;
}

static int replay(const char *name)
{
    struct dirent *entry;
    DIR *dir = opendir(name);
    int failed = 0;

    if (!dir) {
        return replay_file(name);
    }
    while ((entry = readdir(dir))) {
        char path[4096];

        if (entry->d_name[0] != '.' && snprintf(path, sizeof path, "%s/%s", name, entry->d_name) < (int)sizeof path) {
            failed |= replay_file(path);
        }
    }
    closedir(dir);
    return failed;
}

int main(int argc, char **argv)
{
    int failed = argc < 2;

    for (int i = 1; i < argc; i++) {
        failed |= replay(argv[i]);
    }
    return failed || !count;
}
