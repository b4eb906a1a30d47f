/* One mutex, one condition: threads meet some hundred times a second at most. */
#include "checker/crew.h"

void crew_init(struct crew *crew)
{
    *crew = (struct crew){.size = 1};
    pthread_mutex_init(&crew->mutex, NULL);
    pthread_cond_init(&crew->changed, NULL);
}

void crew_free(struct crew *crew)
{
    pthread_mutex_destroy(&crew->mutex);
    pthread_cond_destroy(&crew->changed);
}

void crew_begin_level(struct crew *crew, unsigned size)
{
    pthread_mutex_lock(&crew->mutex);
    crew->size = size;
    crew->idle = 0;
    crew->levels += size > 1;
    pthread_cond_broadcast(&crew->changed);
    pthread_mutex_unlock(&crew->mutex);
}

void crew_end(struct crew *crew)
{
    pthread_mutex_lock(&crew->mutex);
    crew->ended = true;
    pthread_cond_broadcast(&crew->changed);
    pthread_mutex_unlock(&crew->mutex);
}

bool crew_next_level(struct crew *crew, uint64_t *levels)
{
    pthread_mutex_lock(&crew->mutex);
    while (crew->levels == *levels && !crew->ended)
        pthread_cond_wait(&crew->changed, &crew->mutex);
    const bool begins = crew->levels != *levels;
    *levels = crew->levels;
    pthread_mutex_unlock(&crew->mutex);
    return begins;
}

void crew_meet(struct crew *crew)
{
    if (crew->size == 1)
        return;
    pthread_mutex_lock(&crew->mutex);
    const uint64_t round = crew->round;
    if (++crew->arrived == crew->size) {
        crew->arrived = 0;
        crew->round++;
        pthread_cond_broadcast(&crew->changed);
    }
    while (crew->round == round)
        pthread_cond_wait(&crew->changed, &crew->mutex);
    pthread_mutex_unlock(&crew->mutex);
}

void crew_want_pause(struct crew *crew)
{
    pthread_mutex_lock(&crew->mutex);
    crew->pause_wanted = true;
    pthread_cond_broadcast(&crew->changed);
    pthread_mutex_unlock(&crew->mutex);
}

void crew_end_pause(struct crew *crew)
{
    crew->pause_wanted = false;
}

bool crew_idle(struct crew *crew)
{
    pthread_mutex_lock(&crew->mutex);
    if (++crew->idle == crew->size)
        pthread_cond_broadcast(&crew->changed);
    while (crew->idle < crew->size && !crew->pause_wanted)
        pthread_cond_wait(&crew->changed, &crew->mutex);
    const bool all = crew->idle == crew->size;
    if (!all)
        crew->idle--;
    pthread_mutex_unlock(&crew->mutex);
    return all;
}
